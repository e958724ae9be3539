import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MillraceError } from '../model/errors.ts';
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

it('leaves out the frames of what runs a body', () => {
  const own = (file: string) => join(process.cwd(), 'src', file);
  expect(
    stackOf(
      `missing (${own('sdk/connection.ts')}:5:1)`,
      `async <anonymous> (${join(process.cwd(), 'pipelines/crm.ts')}:4:20)`,
      `async ${own('runner/run-attempt.ts')}:94:58`,
    ),
  ).toEqual(['    at async <anonymous> (pipelines/crm.ts:4:20)']);
});

it('says what to do, and what there has to be, masked', () => {
  const thrown = new MillraceError('missing_connection', 'none', {
    fix: 'Add hunter2.',
    lacks: { kind: 'connection', name: 'crm' },
  });
  expect(errorReport(thrown, (text) => text.replace('hunter2', '***'))).toMatchObject({
    code: 'missing_connection',
    fix: 'Add ***.',
    lacks: { kind: 'connection', name: 'crm' },
  });
});
