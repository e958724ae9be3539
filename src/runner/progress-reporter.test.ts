import { expect, it } from 'vitest';
import type { Clock } from '../model/clock.ts';
import { type Progress, ProgressReporter } from './progress-reporter.ts';

/** Stands still. */
const clock = { monotonic: () => 0 } as Clock;

it('passes on four reports a second and the last, and leaves the last word in the log', () => {
  const sent: Progress[] = [];
  const lines: string[] = [];
  const log = { system: (_: string, message: string) => void lines.push(message) };
  const reporter = new ProgressReporter(clock, (progress) => sent.push(progress));
  for (let done = 1; done <= 48; done += 1) reporter.report({ done, total: 48 });
  reporter.end(log);
  expect(sent.map(({ done }) => done)).toEqual([1, 48]);
  expect(lines).toEqual(['progress: 48 of 48']);
});

it('says nothing of a body that says nothing, and no whole that is not known', () => {
  const lines: string[] = [];
  const log = { system: (_: string, message: string) => void lines.push(message) };
  new ProgressReporter(clock, () => {}).end(log);
  expect(lines).toEqual([]);
  const reporter = new ProgressReporter(clock, () => {});
  reporter.report({ done: 25, total: null });
  reporter.end(log);
  expect(lines).toEqual(['progress: 25 done']);
});
