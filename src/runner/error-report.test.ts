import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorReport } from './error-report.ts';

const stackOf = (...frames: string[]) => {
  const error = new Error('no');
  error.stack = ['Error: no', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return errorReport(error, (text) => text)
    .stack?.split('\n')
    .slice(1);
};

it('names files of the project from where the project lies, and others in full', () => {
  const own = join(process.cwd(), 'pipelines/etl.ts');
  expect(stackOf(`load (file://${own}:3:7)`, `${own}:9:1`, 'get (/opt/shared/get.ts:1:2)', 'node:fs:1:1')).toEqual([
    '    at load (pipelines/etl.ts:3:7)',
    '    at pipelines/etl.ts:9:1',
    '    at get (/opt/shared/get.ts:1:2)',
  ]);
});
