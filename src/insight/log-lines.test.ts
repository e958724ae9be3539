import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineWorld } from '../engine/testing/engine-world.ts';
import { fails } from '../engine/testing/scripted-executor.ts';
import { dagSpec } from '../engine/testing/spec-builder.ts';
import { SqliteStore } from '../store/sqlite/store.ts';
import { type LogRequest, logLines } from './log-lines.ts';
import { VersionCache } from './version-cache.ts';

let store: SqliteStore;
let world: EngineWorld;
let run: number;

beforeEach(async () => {
  store = SqliteStore.open(':memory:');
  await store.migrate();
  world = await EngineWorld.start(store);
  world.executor.answerOthers('hold');
  await world.publish(dagSpec('d', { a: { retries: 1 }, b: {} }));
  run = (await world.trigger('d', { runId: 'r' })).id;
  world.executor.finish('a', fails());
  await world.settle();
  // What the engine says of its own accord is not what is looked at here.
  await store.transaction(async ({ logs }) => {
    for (const [attempt, ...chunks] of [
      [1, ['info one', 'debug two', 'error three']],
      [2, ['info four'], ['warn five', 'info six']],
    ] as const) {
      for (const lines of chunks)
        await logs.append([{ run, task: 1, index: -1, attempt, at: 5, lines: linesOf(lines) }]);
    }
  });
});
afterEach(async () => {
  await world.engine.stop(0);
  await store.close();
});

const linesOf = (lines: readonly string[]) =>
  lines
    .map((line) => {
      const [level, message] = line.split(' ');
      return JSON.stringify({ at: 5, level, source: 'task', message });
    })
    .join('\n');

const ask = (request: Partial<LogRequest> = {}) =>
  logLines(world, new VersionCache(), { dagId: 'd', runId: 'r', taskId: 'b', limit: 100, ...request });
const told = async (request: Partial<LogRequest> = {}) =>
  (await ask(request)).lines.map(({ n, text, try_number }) => `${n} ${text} ${try_number}`);

it('numbers lines over all attempts, and leaves debug out unless it is asked for', async () => {
  expect(await told()).toEqual(['1 one 1', '3 three 1', '4 four 2', '5 five 2', '6 six 2']);
  expect(await told({ level: 'debug', limit: 2 })).toEqual(['1 one 1', '2 two 1']);
  expect(await told({ level: 'warn' })).toEqual(['3 three 1', '5 five 2']);
  const { counts, total, first_error, is_live, attempts } = await ask();
  expect([counts, total, first_error, is_live]).toEqual([{ debug: 1, info: 3, warn: 1, error: 1 }, 6, 3, true]);
  expect(attempts.map(({ try_number, first, last, outcome }) => [try_number, first, last, outcome])).toEqual([
    [1, 1, 3, 'running'],
    [2, 4, 6, 'running'],
  ]);
});

it('opens at its tail, goes on from a line, finds words, and keeps to an attempt', async () => {
  expect(await told({ tail: 2 })).toEqual(['5 five 2', '6 six 2']);
  expect(await told({ tail: 1, level: 'warn' })).toEqual(['5 five 2']);
  expect(await told({ from: 4, limit: 2 })).toEqual(['4 four 2', '5 five 2']);
  expect(await told({ find: 'F' })).toEqual(['4 four 2', '5 five 2']);
  expect(await told({ attempt: 1 })).toEqual(['1 one 1', '3 three 1']);
});

it('keeps the lines of an attempt together, also those that came late', async () => {
  await store.transaction(({ logs }) =>
    logs.append([{ run, task: 1, index: -1, attempt: 1, at: 9, lines: linesOf(['info late']) }]),
  );
  expect(await told()).toEqual(['1 one 1', '3 three 1', '4 late 1', '5 four 2', '6 five 2', '7 six 2']);
});

it('has the system’s own lines, and none of what logged nothing', async () => {
  const { lines } = await ask({ taskId: 'a' });
  expect(lines.length > 0 && lines.every(({ source, task_id }) => source === 'system' && task_id === 'a')).toBe(true);
  expect(await ask({ taskId: 'a', mapIndex: 7 })).toMatchObject({
    lines: [],
    total: 0,
    first_error: null,
    attempts: [],
  });
  await expect(ask({ taskId: 'x' })).rejects.toMatchObject({ code: 'not_found' });
});

it('goes on only as long as the instance that it is of', async () => {
  const goesOn = async (taskId: string) => (await ask({ taskId })).is_live;
  expect([await goesOn('a'), await goesOn('b')]).toEqual([true, true]);
  world.executor.finish('b', fails());
  await world.settle();
  // The other one waits to be tried again.
  expect([await goesOn('a'), await goesOn('b')]).toEqual([true, false]);
});
