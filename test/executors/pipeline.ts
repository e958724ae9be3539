// The pipeline of the executor suite: a task for each way in which an attempt can go.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import {
  branch,
  connection,
  context,
  dag,
  failNow,
  flow,
  inputHash,
  secret,
  settled,
  shortCircuit,
  skip,
  task,
  variable,
} from 'millrace';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
const forEver = () => new Promise<never>(() => {});

const answer = task('answer', () => ({ answer: 42, at: new Date(0) }));
const nothing = task('nothing', () => {});
const echo = task('echo', (input: unknown) => input);
const namesItself = task('names_itself', (input: { name: string }) => input.name, {
  instanceName: ({ name }) => {
    if (name === '') throw new Error('it has no name');
    return `for ${name}`;
  },
});
const fails = task('fails', () => {
  throw new Error('boom', { cause: new Error('the cause') });
});
const throwsText = task('throws_text', () => {
  throw 'just a text';
});
const failsForGood = task('fails_for_good', () => failNow('no use'));
const picky = task('picky', () => Promise.reject(new TypeError('slow down')), {
  retry: (error) => (error instanceof TypeError ? { after: '7s' } : false),
});
const neverAgain = task('never_again', () => Promise.reject(new Error('x')), { retry: () => false });
const skips = task('skips', () => skip('nothing to do'));
const talks = task('talks', async (_: void, { log }) => {
  log.info('one', { rows: 1, big: 10n });
  console.log('two %d', 2);
  process.stdout.write('thr');
  await null;
  process.stdout.write('ee');
  console.error('four');
});
const moves = task('moves', (_: void, { progress }) => {
  let sum = 0;
  for (const item of progress([1, 2, 3])) sum += item;
  return sum;
});
const asks = task('asks', async (_: void, { log }) => {
  const { host } = await connection('db').get();
  const region = await variable('region');
  const key = await secret('key');
  log.info(`the key is ${key}`);
  return { host, region, missing: await secret('none').catch((error) => error.code), key: key.length };
});
const unserialisable = task('unserialisable', () => ({ fn: () => 1 }));
const waits = task('waits', async (_: void, { signal }) => untilAborted(signal));
const waitsForGate = task('waits_for_gate', async () => `gate ${await variable('gate')}`);
const deaf = task('deaf', forEver);
const exits = task('exits', () => process.exit(3));
const throwsLater = task('throws_later', async () => {
  setTimeout(() => {
    throw new Error('from a timer');
  }, 0);
  await untilAborted(context().signal);
});
const leavesRejection = task('leaves_rejection', () => {
  setImmediate(() => void Promise.reject(new Error('late')));
  return 'done';
});
const numbers = task('numbers', (count: number) => Array.from({ length: count }, (_, index) => `number ${index}`));
const big = task('big', (length: number) => 'x'.repeat(length));
const object = task('object', () => ({ a: 1, b: 2 }));
const single = task('single', () => 1);
const reads = task('reads', (list: Iterable<unknown>) => {
  const all = [...list];
  return { length: all.length, first: all[0], last: all.at(-1) };
});
const choose = branch('choose', (key: string) => key as 'left' | 'right');
const gate = shortCircuit('gate', (open: boolean) => open);
const left = task('left', () => 'left');
const right = task('right', () => 'right');
const after = task('after', () => 'after');
const about = task('about', (_: void, { ds, params, map, attempt, maxAttempts, run }) => {
  return { ds, params, map, attempt, maxAttempts, run: run.id, conf: run.conf };
});

// What only a process can survive being done to it.
const killsItself = task('kills_itself', () => {
  process.kill(process.pid, 'SIGKILL');
  return forEver();
});
const exitsForReal = task('exits_for_real', () => {
  console.error('about to leave');
  (process as unknown as { reallyExit(code: number): never }).reallyExit(7);
});
const eats = task('eats', () => {
  const kept: unknown[] = [];
  for (;;) kept.push(new Array(10_000).fill({}).map(() => ({})));
});
/** Connects to a socket, so that its other end sees this process end, and says who it is (presence.ts). */
const join = (path: string, name: string) =>
  new Promise<void>((resolve) => {
    const socket = connect(path, () => socket.write(`${name} ${process.pid}\n`, () => resolve()));
  });
const spins = task('spins', async (path: string) => {
  await join(path, 'spins');
  while (process.pid > 0);
});
const stays = task('stays', async (path: string) => {
  await join(path, 'stays');
  return forEver();
});
const startsChild = task('starts_child', async (path: string) => {
  const code = `require('net').connect(process.argv[1], function () { this.write('child ' + process.pid + '\\n') })`;
  spawn(process.execPath, ['-e', code, path], { stdio: 'inherit' });
  await join(path, 'starts_child');
  return forEver();
});
const pid = task('pid', () => process.pid);
const environment = task('environment', () => Object.keys(process.env).filter((name) => name.startsWith('MILLRACE')));

export const pipeline = dag('executor_suite', { schedule: null, params: { table: 'orders' } }, () => {
  answer();
  nothing();
  echo(1);
  namesItself({ name: 'x' });
  fails();
  throwsText();
  failsForGood();
  picky();
  neverAgain();
  skips();
  talks();
  moves();
  asks();
  unserialisable();
  waits();
  waitsForGate();
  deaf();
  exits();
  throwsLater();
  leavesRejection();
  const list = numbers(3);
  big(1);
  object();
  single();
  reads([1]);
  about();
  killsItself();
  exitsForReal();
  eats();
  spins('');
  stays('');
  startsChild('');
  pid();
  environment();
  const chosen = choose('left');
  chosen.when('left', () => left());
  chosen.when('right', () => right());
  after().after(gate(true));
  echo.with({ name: 'mapped_through_function' }).over(list.map((n) => Number(n) * 10));
});

const square = task('square', (n: number, { log }) => {
  log.info(`square of ${n}`);
  console.log(`${n} squared`);
  return n * n;
});
const shaky = task(
  'shaky',
  (_: void, { attempt }) => {
    if (attempt < 3) throw new RangeError(`attempt ${attempt}`);
    return attempt;
  },
  { retries: 2 },
);
const remembered = task('remembered', (n: number) => [n], { cacheKey: inputHash, cacheExpiration: '1h' });

/** The flow of the executor suite: what it does is said by its param. */
export const suiteFlow = flow('executor_suite_flow', async ({ mode }: { mode: keyof typeof modes }) => modes[mode]());

const modes = {
  async sequence() {
    return [await square(1), await square(2), await square(3)];
  },
  async parallel() {
    return (await Promise.all(square.map(Array.from({ length: 100 }, (_, n) => n)))).length;
  },
  async retry() {
    return shaky();
  },
  async cached() {
    return remembered(7);
  },
  async failure() {
    return fails().catch((error: Error) => `${error instanceof RangeError} ${error.name} ${error.message}`);
  },
  async waits() {
    await square(1);
    await waits().catch(() => square(2));
  },
  async exits() {
    const end = await settled(exits());
    return [end.type, await square(4)];
  },
};
