/**
 * Tests of pipelines, in process: no server, no database file, no sleep; with any test runner.
 *
 * @module
 */
export { type RunOptions, type TestInstance, type TestRun, TestRuntime, testRuntime } from './runtime.ts';
