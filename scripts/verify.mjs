// `npm run verify`: all checks in order, each with its time; a failing one does not stop the rest. What CI runs is
// this and nothing else. Arguments choose steps by name: `npm run verify -- layers layout`.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectEnvironment, projectNode, root } from './project.mjs';
import { steps } from './verify-steps.mjs';

const reports = join(root, 'node_modules', '.cache', 'millrace');

/** Runs one command without input, in a process group of its own so that a time-out ends all of it. */
function run(args, { seconds }) {
  return new Promise((resolve) => {
    const child = spawn(projectNode(), args, {
      cwd: root,
      detached: process.platform !== 'win32',
      env: projectEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        child.kill(signal);
      }
    };
    const stop = () => {
      end('SIGTERM');
      process.exitCode = 130;
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    const timeout = setTimeout(() => {
      console.log(`time-out: ended after ${seconds} s`);
      end('SIGKILL');
    }, seconds * 1000);
    child.on('error', (error) => console.log(String(error)));
    // Not 'close': a process that a failing test left behind may hold the pipes for ever.
    child.on('exit', (code) => {
      clearTimeout(timeout);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve(code === 0);
    });
  });
}

/** Tests passed and failed by vitest's report. A file that did not load, or an error outside a test, counts as one. */
function countTests(file, succeeded) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + unloaded;
  return { passed: report.numPassedTests, failed: failed === 0 && !succeeded ? 1 : failed };
}

async function runStep(step) {
  if (!step.vitest) {
    const succeeded = await run(step.args, step);
    return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  }
  const file = join(reports, `${step.name.replaceAll(' ', '-')}.json`);
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return countTests(file, await run([...step.args, ...reporters], step));
}

const asSeconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

async function verify(names) {
  mkdirSync(reports, { recursive: true });
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`No step "${unknown.join('", "')}". Steps: ${steps.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const begin = performance.now();
  const lines = [];
  const total = { passed: 0, failed: 0 };
  for (const step of steps) {
    if (names.length > 0 && !names.includes(step.name)) continue;
    if (process.exitCode) break;
    const missing = step.missing?.();
    if (missing) {
      console.log(`\n=== ${step.name}: SKIPPED, ${missing}`);
      lines.push(`skip  ${step.name.padEnd(16)} ${missing}`);
      continue;
    }
    console.log(`\n=== ${step.name}: ${step.what}`);
    const started = performance.now();
    const { passed, failed } = await runStep(step);
    const time = asSeconds(performance.now() - started);
    total.passed += passed;
    total.failed += failed;
    const detail = step.vitest ? `${passed} passed, ${failed} failed` : '';
    lines.push(`${failed > 0 ? 'FAIL' : 'ok  '}  ${step.name.padEnd(16)} ${time.padStart(8)}  ${detail}`.trimEnd());
  }
  console.log(`\n=== summary (${asSeconds(performance.now() - begin)})\n${lines.join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

const code = await verify(process.argv.slice(2));
process.exitCode ||= code;
