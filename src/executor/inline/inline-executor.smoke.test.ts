import { expect, it } from 'vitest';
import { systemClock } from '../../model/clock.ts';
import { dag, drawnWorkflow } from '../../sdk/dag.ts';
import { task } from '../../sdk/task.ts';
import { InlineExecutor } from './inline-executor.ts';

it('runs', async () => {
  const hello = task('hello', (_: void, { log }) => {
    log.info('hi');
    console.log('there');
    return 42;
  });
  const d = drawnWorkflow(
    dag('x', { schedule: null }, () => {
      hello();
    }),
  );
  const ex = new InlineExecutor({ clock: systemClock, objects: undefined as never, workflows: () => [d] });
  const got = await new Promise<unknown>((resolve) => {
    const lines: unknown[] = [];
    void ex.start({
      report: (r) => resolve({ r, lines }),
      log: (_t, l) => lines.push(...l),
      progress() {},
      ask: async () => ({ text: null }),
      capacity() {},
    });
    ex.submit({
      runs: [
        {
          key: 1,
          runId: 'r',
          workflow: 'x',
          kind: 'dag',
          type: 'manual',
          logicalDate: null,
          intervalStart: null,
          intervalEnd: null,
          runAfter: 1,
          startedAt: 1,
          params: {},
          conf: '{}',
          bundle: { hash: 'h', path: '' },
          previousSuccess: null,
        },
      ],
      orders: [
        {
          token: 't',
          run: 1,
          task: 0,
          taskId: 'hello',
          mapIndex: -1,
          mapLength: null,
          attempt: 1,
          maxAttempts: 1,
          input: null,
          mappable: false,
          timeout: null,
          isolation: 'shared',
          memory: null,
        },
      ],
    });
  });
  process.stdout.write(JSON.stringify(got, null, 1));
  expect(got).toBeTruthy();
  await ex.stop(0);
});
