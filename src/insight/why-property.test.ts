import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cancelRun, pause, putPool, unpause } from '../engine/operations.ts';
import { EngineWorld } from '../engine/testing/engine-world.ts';
import { fails, skips, succeeds } from '../engine/testing/scripted-executor.ts';
import { dagSpec, type TaskSketch } from '../engine/testing/spec-builder.ts';
import { isFinished } from '../model/states.ts';
import { TRIGGER_RULES } from '../model/trigger-rule.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { VersionCache } from './version-cache.ts';
import { why } from './why.ts';

const task = fc.record({
  after: fc.array(fc.nat(5), { maxLength: 3 }),
  triggerRule: fc.constantFrom(...TRIGGER_RULES.filter((rule) => rule !== 'all_done_setup_success')),
  pool: fc.constantFrom('p', 'default_pool', 'nowhere'),
  poolSlots: fc.constantFrom(1, 1, 3),
  priority: fc.nat(3),
  retries: fc.nat(1),
  retryDelay: fc.constantFrom(0, 60_000),
  maxActivePerDag: fc.constantFrom(null, 1),
  maxActivePerRun: fc.constantFrom(null, 1),
});

const world = fc.record({
  tasks: fc.array(task, { minLength: 1, maxLength: 6 }),
  maxActiveRuns: fc.integer({ min: 1, max: 2 }),
  maxActiveTasks: fc.constantFrom(null, 1, 2),
  capacity: fc.integer({ min: 0, max: 3 }),
  slots: fc.integer({ min: -1, max: 3 }),
});

const doing = fc.constantFrom(
  'trigger',
  'success',
  'failed',
  'skipped',
  'pause',
  'unpause',
  'later',
  'cancel',
  'widen',
);

it('nothing that waits is without a reason, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.array(doing, { maxLength: 12 }), async (drawn, actions) => {
      const store = SqliteStore.open(':memory:');
      await store.migrate();
      const { maxActiveRuns, maxActiveTasks, capacity } = drawn;
      const engine = await EngineWorld.start(store, { capacity });
      try {
        engine.executor.answerOthers('hold');
        const sketches = drawn.tasks.map(({ after, ...own }, at): [string, TaskSketch] => [
          `t${at}`,
          { ...own, after: [...new Set(after)].filter((from) => from < at).map((from) => `t${from}`) },
        ]);
        await setPool(engine, drawn.slots);
        await engine.publish(dagSpec('d', Object.fromEntries(sketches), { maxActiveRuns, maxActiveTasks }));
        await engine.trigger('d');
        await everythingHasAReason(engine);
        for (const action of actions) {
          await ACTIONS[action](engine);
          await everythingHasAReason(engine);
        }
        expect(engine.errors).toEqual([]);
      } finally {
        await engine.engine.stop(0);
        await store.close();
      }
    }),
    { numRuns: 60 },
  );
});

const setPool = (engine: EngineWorld, slots: number) =>
  engine.do((e) => putPool(e, { name: 'p', slots, description: '', includeDeferred: false }));

function answer(engine: EngineWorld, outcome: Parameters<EngineWorld['executor']['finish']>[1]): Promise<void> {
  const [name] = engine.executor.running;
  if (name !== undefined) engine.executor.finish(name, outcome);
  return engine.settle();
}

const ACTIONS = {
  trigger: (engine) => engine.trigger('d'),
  success: (engine) => answer(engine, succeeds()),
  failed: (engine) => answer(engine, fails()),
  skipped: (engine) => answer(engine, skips),
  pause: (engine) => engine.do((e) => pause(e, 'd')),
  unpause: (engine) => engine.do((e) => unpause(e, 'd')),
  later: (engine) => engine.advance(61_000),
  cancel: async (engine) => {
    const [run] = await engine.runs('d');
    await engine.do((e) => cancelRun(e, run!));
  },
  widen: (engine) => setPool(engine, 5),
} as const satisfies Readonly<Record<string, (engine: EngineWorld) => Promise<unknown>>>;

async function everythingHasAReason(engine: EngineWorld): Promise<void> {
  const versions = new VersionCache();
  const { store } = engine;
  for (const run of await engine.runs('d')) {
    const whole = await why(engine, versions, { dagId: 'd', runId: run.runId });
    const { spec } = (await store.queries.version(run.versionId))!;
    for (const row of await store.queries.instances(run.id)) {
      const { id } = spec.tasks[row.task]!;
      const { waiting } = await why(engine, versions, { dagId: 'd', runId: run.runId, taskId: id });
      const isGoing = row.state === 'running' || row.state === 'restarting';
      expect([id, row.state, waiting.length, waiting[0]!.reasons.length > 0]).toEqual([id, row.state, 1, !isGoing]);
      for (const { fact } of waiting[0]!.reasons) expect(fact).not.toMatch(/undefined|null|NaN|-1|\?/);
      const isTold = whole.waiting.some((entry) => entry.task_id === id && entry.reasons.length > 0);
      if (run.state === 'running') expect([id, isTold]).toEqual([id, !isGoing && !isFinished(row.state)]);
    }
  }
}
