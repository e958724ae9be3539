import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandFault } from '../../test/command-fault.ts';
import { createBackfill, previewBackfill } from '../engine/backfills.ts';
import { cancelRun, pause, putPool } from '../engine/operations.ts';
import { EngineWorld } from '../engine/testing/engine-world.ts';
import { fails, succeeds } from '../engine/testing/scripted-executor.ts';
import { type DagSketch, dagSpec, type TaskSketch } from '../engine/testing/spec-builder.ts';
import { VirtualClock } from '../engine/testing/virtual-clock.ts';
import { REPROCESS_BEHAVIORS, type ReprocessBehavior } from '../store/rows.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { previewOf } from './backfill-preview.ts';

const day = (n: number) => Date.UTC(2026, 0, n);
const TODAY = Date.UTC(2026, 0, 31, 12);
const DAILY: DagSketch = {
  schedule: { kind: 'cron_interval', expression: '0 0 * * *', timezone: 'UTC' },
  startDate: day(300),
};

/** An engine in which `d` runs by day, until the body ends. */
async function within<T>(
  body: (world: EngineWorld) => Promise<T>,
  { tasks = { t: {} }, dag = {} }: { tasks?: Record<string, TaskSketch>; dag?: DagSketch } = {},
): Promise<T> {
  const store = SqliteStore.open(':memory:');
  await store.migrate();
  const world = await EngineWorld.start(store, { clock: new VirtualClock(TODAY) });
  try {
    world.executor.answerOthers('hold');
    await world.publish(dagSpec('d', tasks, { ...DAILY, ...dag }));
    const result = await body(world);
    expect(world.errors).toEqual([]);
    return result;
  } finally {
    await world.engine.stop(0);
    await store.close();
  }
}

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly reprocess: ReprocessBehavior;
  readonly reverse: boolean;
  readonly maxActiveRuns: number;
}

const ASKED: Asked = { from: 1, to: 5, reprocess: 'none', reverse: false, maxActiveRuns: 10 };

async function preview(world: EngineWorld, change: Partial<Asked> = {}) {
  const { from, to, ...asked } = { ...ASKED, ...change };
  const window = { from: day(from), to: day(to), ...asked };
  const workflow = (await world.store.queries.workflow('d'))!;
  const slots = await world.do((e) => previewBackfill(e, { workflow: 'd', ...window }));
  const text = (n: number) => new Date(n).toISOString();
  return await previewOf(world, { workflow, slots, ...asked, from: text(window.from), to: text(window.to) });
}

type Past = 'success' | 'failed' | 'running' | 'cancelled';

async function past(world: EngineWorld, n: number, state: Past): Promise<void> {
  const run = await world.trigger('d', { logicalDate: day(n), runId: `past_${n}` });
  await world.advance(1000);
  if (state === 'cancelled') await world.do((e) => cancelRun(e, run));
  if (state !== 'running') {
    // The body of a cancelled run stops, too.
    const outcome = state === 'success' ? succeeds() : fails('never');
    world.executor.finishWhere(({ facts }) => facts.logicalDate === day(n), outcome);
  }
  await world.settle();
}

const dayOf = (iso: string | number | null) => new Date(iso!).getUTCDate();

describe('a preview', () => {
  it('is what is then done: dates, order and how many at once', async () => {
    const asked = fc.record({
      from: fc.integer({ min: 1, max: 8 }),
      length: fc.nat(6),
      reprocess: fc.constantFrom(...REPROCESS_BEHAVIORS),
      reverse: fc.boolean(),
      maxActiveRuns: fc.integer({ min: 1, max: 4 }),
      history: fc.dictionary(
        fc.constantFrom('1', '3', '4', '6', '9'),
        fc.constantFrom<Past>('success', 'failed', 'running', 'cancelled'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(asked, ({ length, history, ...rest }) =>
        within(async (world) => {
          for (const [n, state] of Object.entries(history)) await past(world, Number(n), state);
          const request = { ...rest, to: rest.from + length };
          const seen = await preview(world, request);
          const before = (await world.eventsOf('run.running')).length;
          const { id } = await world.do((e) =>
            createBackfill(e, {
              workflow: 'd',
              ...request,
              from: day(request.from),
              to: day(request.to),
              triggeredBy: 'test',
            }),
          );
          const own = () =>
            world.executor.heldFacts('t').filter(({ runId }) => runId.startsWith('backfill') || cleared.has(runId));
          const cleared = new Set(
            seen.dates.flatMap(({ action, run }) => (action === 'clear' ? [run!.dag_run_id] : [])),
          );
          while (own().length > 0) {
            expect(own().length).toBeLessThanOrEqual(request.maxActiveRuns);
            const next = own()[0]!;
            world.executor.finishWhere(({ facts }) => facts.key === next.key);
            await world.settle();
          }
          const slots = await world.store.queries.slots(id);
          const actions = { created: 'new', cleared: 'clear', exists: 'leave', in_flight: 'in_flight' } as const;
          const done = slots.map(({ logicalDate, outcome }) => [logicalDate, actions[outcome as keyof typeof actions]]);
          done.sort(([a], [b]) => Number(a) - Number(b));
          expect(done).toEqual(seen.dates.map(({ logical_date, action }) => [Date.parse(logical_date), action]));
          const days = new Map((await world.runs('d')).map((run) => [run.id, dayOf(run.logicalDate)]));
          const order = (await world.eventsOf('run.running')).slice(before).map(({ run }) => days.get(run!));
          const will = seen.dates.filter(({ action }) => action === 'new' || action === 'clear');
          const expected = will.map(({ logical_date }) => dayOf(logical_date));
          expect(order).toEqual(request.reverse ? expected.reverse() : expected);
          expect([seen.will_run, seen.new + seen.cleared]).toEqual([order.length, order.length]);
          expect(seen.choices[request.reprocess]).toBe(order.length);
          expect(await commandFault(seen.command)).toBeNull();
        }),
      ),
      { numRuns: 40 },
    );
  });

  it('takes its time from what is usual, place by place', async () => {
    await within(async (world) => {
      for (let n = 11; n <= 15; n += 1) {
        await world.trigger('d', { logicalDate: day(n), runId: `past_${n}` });
        await world.advance(60_000);
        world.executor.finish('t');
        await world.settle();
      }
      const now = world.clock.now();
      const seen = await preview(world, { maxActiveRuns: 2 });
      expect(seen).toMatchObject({ will_run: 5, run_seconds: 60, work_seconds: 300, task_instances: 5 });
      const bars = seen.lanes.map((lane) =>
        lane.map(({ logical_date, start, end }) => [
          dayOf(logical_date),
          Date.parse(start) - now,
          Date.parse(end) - now,
        ]),
      );
      expect(bars).toEqual([
        [
          [1, 0, 60_000],
          [3, 60_000, 120_000],
          [5, 120_000, 180_000],
        ],
        [
          [2, 0, 60_000],
          [4, 60_000, 120_000],
        ],
      ]);
      expect(seen.ends_about).toBe(new Date(now + 180_000).toISOString());
      // More bars than are drawn end no sooner for it.
      const hours: DagSketch = { schedule: { kind: 'cron_interval', expression: '*/10 * * * *', timezone: 'UTC' } };
      await world.publish(dagSpec('d', { t: {} }, { ...DAILY, ...hours }));
      const long = await preview(world, { from: 1, to: 21, maxActiveRuns: 2 });
      expect(long.will_run).toBeGreaterThan(2_000);
      expect([long.dates.length, long.lanes.flat().length]).toEqual([long.dates_total, 1_000]);
      const minutes: DagSketch = { schedule: { kind: 'cron_interval', expression: '* * * * *', timezone: 'UTC' } };
      await world.publish(dagSpec('d', { t: {} }, { ...DAILY, ...minutes }));
      const longer = await preview(world, { from: 1, to: 6, reverse: true });
      expect([longer.dates.length, longer.dates_total, dayOf(longer.dates[0]!.logical_date)]).toEqual([
        5_000, 7_201, 2,
      ]);
      expect(longer.warnings.find(({ kind }) => kind === 'many')?.text).toBe(
        `${longer.will_run.toLocaleString('en')} runs: a shorter span shows sooner whether it goes well. The first 5,000 dates are listed.`,
      );
      expect(long.ends_about).toBe(new Date(now + Math.ceil(long.will_run / 2) * 60_000).toISOString());
    });
  });

  it('knows no time where too little is known', async () => {
    await within(async (world) => {
      expect(await preview(world)).toMatchObject({
        run_seconds: null,
        work_seconds: null,
        ends_about: null,
        lanes: [],
      });
    });
  });

  it('warns of what will hold it up, and says what will not', async () => {
    await within(
      async (world) => {
        await world.do((e) => putPool(e, { name: 'p', slots: 1, description: '', includeDeferred: false }));
        expect((await preview(world)).warnings).toEqual([]);
        expect((await preview(world)).passing).toEqual([
          'd is active.',
          'p has 1 of 1 slot free.',
          'No other backfill of it is open.',
          'No task depends on past runs: any order is allowed.',
        ]);
        await past(world, 20, 'failed');
        await past(world, 21, 'failed');
        await past(world, 22, 'running');
        await world.do((e) => pause(e, 'd'));
        await world.do((e) =>
          createBackfill(e, {
            workflow: 'd',
            from: day(25),
            to: day(26),
            reverse: false,
            reprocess: 'none',
            triggeredBy: 'test',
          }),
        );
        expect((await preview(world)).warnings.map(({ kind, text }) => [kind, text])).toEqual([
          ['paused', 'd is paused: its runs wait until it is active.'],
          ['pool', 'p has no slot free and 0 task instances wait. This backfill joins the end of the line.'],
          ['open_backfill', 'Backfill 1 of d is open: there can be one at a time.'],
          ['failing', '2 of its last 2 runs failed.'],
        ]);
        expect((await preview(world, { from: 20, to: 21, reprocess: 'failed' })).dates).toMatchObject([
          { action: 'clear', run: { dag_run_id: 'past_20', state: 'failed', failed_task: 't' } },
          { action: 'clear', run: { failed_task: 't' } },
        ]);
      },
      { tasks: { t: { pool: 'p' } } },
    );
  });
});
