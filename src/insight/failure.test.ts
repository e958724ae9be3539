import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { failureLine, failureOf, fingerprint } from './failure.ts';

const OWN = fileURLToPath(new URL('../runner/run-attempt.ts', import.meta.url));

const failed = (name: string, message: string, stack: string | null = null) =>
  failureOf({ error: JSON.stringify({ name, message, stack }), reason: 'error', outcome: 'failed' })!;

it('is placed where the first frame is that is the user’s own', () => {
  const place = (...frames: string[]) => failed('Error', 'no', ['Error: no', ...frames].join('\n')).place;
  expect(place('    at t (/home/u/pipelines/etl.ts:37:32)')).toBe('/home/u/pipelines/etl.ts:37:32');
  expect(place('    at node:internal/x:1:1', '    at async file:///home/u/millrace/etl.mts:3:4')).toBe(
    '/home/u/millrace/etl.mts:3:4',
  );
  expect(place(`    at run (${OWN}:1:2)`, '    at get (/p/node_modules/a/b.js:1:1)')).toBeNull();
  expect(failed('Error', 'no').place).toBeNull();
});

it('has a type and one line', () => {
  expect(failureLine(failed('HttpError', '503 Service Unavailable\nand more'))).toBe(
    'HttpError: 503 Service Unavailable',
  );
  expect(failureLine(failed('Error', 'no data'))).toBe('no data');
  expect(failureLine(failed('TypeError', ''))).toBe('TypeError');
});

it('is the same cause with other numbers, and another with another message or file', () => {
  const stack = (place: string) => `Error\n    at t (${place})`;
  const cause = fingerprint(failed('E', 'row 17 of 40', stack('/p/a.ts:1:1')));
  expect(fingerprint(failed('E', 'row 3 of 40', stack('/p/a.ts:9:2')))).toBe(cause);
  expect(fingerprint(failed('E', 'row 17 of 40', stack('/p/b.ts:1:1')))).not.toBe(cause);
  expect(fingerprint(failed('F', 'row 17 of 40', stack('/p/a.ts:1:1')))).not.toBe(cause);
});

it('is told by the reason where there is no error, and is none of what did not fail', () => {
  const of = (outcome: 'failed' | 'lost' | 'success', reason: 'timeout' | 'worker_exited' | 'killed' | null) =>
    failureOf({ error: null, outcome, reason });
  expect(of('failed', 'timeout')).toMatchObject({ type: 'Timed out', message: 'it ran longer than it may' });
  expect(of('lost', 'worker_exited')).toMatchObject({ type: 'Worker exited' });
  expect(of('success', null)).toBeNull();
  expect(failureLine(of('lost', 'killed')!)).toContain('worker process was killed');
});

it('has the code in place of the class, and the fix, of an error of Millrace', () => {
  const error = {
    name: 'MillraceError',
    message: "there is no connection 'crm'",
    stack: null,
    code: 'missing_connection',
  };
  const lacks = { kind: 'connection', name: 'crm' };
  const failure = failureOf({
    error: JSON.stringify({ ...error, fix: 'Add it.', lacks }),
    reason: 'error',
    outcome: 'failed',
  })!;
  expect(failureLine(failure)).toBe("missing_connection: there is no connection 'crm'");
  expect(failure).toMatchObject({ fix: 'Add it.', lacks: { kind: 'connection', name: 'crm' } });
  expect(failed('E', 'no').fix).toBeNull();
});
