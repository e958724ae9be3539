import { expect, test } from 'vitest';
import { chain, dag, eachGroup, group, type Output, task, using } from '../index.ts';
import { MillraceError } from '../model/errors.ts';
import { captureWorkflows } from './drawn.ts';

// What a pipeline's author can do wrong: each with its code, its fix, and the line of the mistake.

const one = task('one', () => 1);
const two = task('two', (n: number) => n);
const list = task('list', () => [1, 2]);
const any = task('any', (_: unknown) => 1);
const none = { schedule: null } as const;

/** What `body` throws, which must be a MillraceError in this file. */
function mistake(body: () => unknown): MillraceError {
  try {
    body();
  } catch (error) {
    if (!MillraceError.is(error)) throw error;
    expect(error.place?.file).toMatch(/src\/sdk\/errors\.test\.ts$/);
    expect(error.fix).toMatch(/\.$|\)$/);
    return error;
  }
  throw new Error('nothing was thrown');
}

/** A value that the compiler refuses, as JavaScript would give it. */
const untyped = (value: unknown) => value as never;

test.each([
  ['customer pipeline', `it contains " "`, `'customer_pipeline' would do`],
  ['kündigungen', 'it contains "ü"', `'ku_ndigungen' would do`],
  ['', 'it is empty', 'Use ASCII letters'],
  ['x'.repeat(251), 'it has 251 characters', 'Use ASCII letters'],
])('invalid_id: %j', (id, why, fix) => {
  for (const error of [mistake(() => dag(id, none, () => {})), mistake(() => task(id, () => {}))]) {
    expect(error).toMatchObject({ code: 'invalid_id', message: expect.stringContaining(why) });
    expect(error.fix).toContain(fix);
  }
});

test('invalid_id: a group has no dot, and full ids have a length', () => {
  expect(mistake(() => dag('d', none, () => group('a.b', () => {})))).toMatchObject({ code: 'invalid_id' });
  const long = () => group('g'.repeat(200), () => task('t'.repeat(60), () => {})());
  expect(mistake(() => dag('d', none, () => void long()))).toMatchObject({
    code: 'invalid_id',
    message: expect.stringContaining('261 characters long'),
  });
});

test('the place is the line and column of the call', () => {
  const here = Number(/errors\.test\.ts:(\d+)/.exec(new Error().stack ?? '')?.[1]);
  const error = mistake(() =>
    dag('d', none, () => {
      one();
      one();
    }),
  );
  expect(error.place).toMatchObject({ line: here + 4, column: 7 });
});

test('task_called_twice, with the first call and the way out', () => {
  const error = mistake(() =>
    dag('d', none, () => {
      one();
      one.with({ retries: 2 })();
    }),
  );
  expect(error.code).toBe('task_called_twice');
  expect(error.message).toMatch(/^task 'one' is called twice in DAG 'd' \(first at .*errors\.test\.ts:\d+\)$/);
  expect(error.fix).toContain(".with({ name: 'one_2' })(…)");
  dag('d', none, () => {
    one();
    one.with({ name: 'one_2' })();
    group('g', () => one());
  });
});

test('duplicate_task and duplicate_group', () => {
  const other = task('one', () => 2);
  const tasks = mistake(() => dag('d', none, () => void [one(), other()]));
  expect(tasks).toMatchObject({ code: 'duplicate_task', message: expect.stringContaining('another task') });
  const groups = mistake(() => dag('d', none, () => void [group('g', () => one()), group('g', () => other())]));
  expect(groups).toMatchObject({ code: 'duplicate_group', message: expect.stringContaining('a group') });
  const mixed = mistake(() => dag('d', none, () => void [one(), group('one', () => two(1))]));
  expect(mixed).toMatchObject({ code: 'duplicate_group', message: expect.stringContaining('a task') });
});

test('duplicate_dag within one capture only', async () => {
  const captured = captureWorkflows(async () => {
    dag('twice', none, () => {});
    dag('twice', none, () => {});
  });
  await expect(captured).rejects.toMatchObject({ code: 'duplicate_dag' });
  dag('twice', none, () => {});
  expect((await captureWorkflows(async () => dag('twice', none, () => {}))).map(({ spec }) => spec.id)).toEqual([
    'twice',
  ]);
});

test('dag_cycle names the path', () => {
  const error = mistake(() =>
    dag('d', none, () => {
      const first = list();
      const second = any.with({ name: 'second' })(first);
      const third = any.with({ name: 'third' })(second);
      chain(third, first);
    }),
  );
  expect(error).toMatchObject({
    code: 'dag_cycle',
    message: "DAG 'd' has a cycle: list -> second -> third -> list",
  });
  const self = mistake(() =>
    dag('d', none, () => {
      const output = one();
      output.after(output);
    }),
  );
  expect(self.message).toContain('one -> one');
});

test('unknown_trigger_rule suggests the nearest', () => {
  const error = mistake(() => task('t', () => {}, { triggerRule: untyped('all_sucess') }));
  expect(error).toMatchObject({ code: 'unknown_trigger_rule' });
  expect(error.message).toContain("task 't'");
  expect(error.fix).toContain("Did you mean 'all_success'?");
  expect(error.fix).not.toContain('all_done_setup_success');
});

test.each([
  [{ retries: -1 }, /'retries': -1 is not a whole number of at least 0/, 'invalid_option'],
  [{ retries: 1.5 }, /'retries': 1.5 is not a whole number/, 'invalid_option'],
  [{ retrys: 1 }, /has no option 'retrys'/, 'invalid_option'],
  [{ retryDelay: 'soon' }, /'retryDelay': 'soon' cannot be used as a duration/, 'invalid_duration'],
  [{ retryDelay: [] }, /'retryDelay': \[\] is an empty list/, 'invalid_option'],
  [{ timeout: 0 }, /'timeout': 0 is not above zero/, 'invalid_option'],
  [{ retryExponentialBackoff: -2 }, /is not a factor/, 'invalid_option'],
  [{ pool: { slots: 2 } }, /is not a pool/, 'invalid_option'],
  [{ pool: { name: 'p', slots: 0 } }, /is not a whole number of at least 1/, 'invalid_option'],
  [{ limits: { perTask: 1 } }, /unknown member 'perTask'/, 'invalid_option'],
  [{ priority: 0.5 }, /'priority': 0.5 is not a whole number/, 'invalid_option'],
  [{ weightRule: 'upstreams' }, /"upstreams" is not one of its values/, 'invalid_option'],
  [{ isolation: 'process', memory: '2 apples' }, /is not an amount of memory/, 'invalid_option'],
  [{ email: 'nobody' }, /is not a list of mail addresses/, 'invalid_option'],
  [{ retry: true }, /'retry': true is not a function/, 'invalid_option'],
  [[], /are not an object/, 'invalid_option'],
])('task options: %j', (options, message, code) => {
  const error = mistake(() => task('t', () => {}, untyped(options)));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(error.message).toContain("task 't'");
});

test('unknown options suggest the nearest, in defaultArgs, too', () => {
  expect(mistake(() => task('t', () => {}, untyped({ retires: 1 }))).fix).toContain("Did you mean 'retries'?");
  const error = mistake(() => dag('d', { defaultArgs: untyped({ retires: 1 }) }, () => {}));
  expect(error.message).toContain("defaultArgs of DAG 'd' has no option 'retires'");
  expect(mistake(() => dag('d', untyped({ schedual: null }), () => {})).fix).toContain("Did you mean 'schedule'?");
});

test.each([
  [{ schedule: '0 6 * *' }, 'invalid_cron'],
  [{ schedule: { cron: '@daily', timezone: 'Europe/Zuerich' } }, 'unknown_timezone'],
  [{ schedule: null, timezone: 'Mars/Olympus' }, 'unknown_timezone'],
  [{ schedule: { every: 'often' } }, 'invalid_duration'],
  [{ schedule: 7 }, 'invalid_option'],
  [{ startDate: '2026-02-30' }, 'invalid_date'],
  [{ startDate: '2026-02-01', endDate: '2026-01-01' }, 'start_after_end'],
  [{ maxActiveRuns: 0 }, 'invalid_option'],
  [{ catchup: 'yes' }, 'invalid_option'],
  [{ tags: 'daily' }, 'invalid_option'],
  [{ runTimeout: 'PT0S' }, 'invalid_option'],
  [{ params: 3 }, 'invalid_params'],
])('DAG options: %j', (options, code) => {
  const error = mistake(() => dag('d', untyped(options), () => {}));
  expect(error.code).toBe(code);
  expect(error.message).toContain("DAG 'd'");
});

test('outside_dag', () => {
  expect(mistake(() => one())).toMatchObject({ code: 'outside_dag', message: expect.stringContaining("task 'one'") });
  expect(mistake(() => two.over([1]))).toMatchObject({ code: 'outside_dag' });
  expect(mistake(() => group('g', () => {}))).toMatchObject({ code: 'outside_dag' });
  expect(mistake(() => chain())).toMatchObject({ code: 'outside_dag' });
});

test('runtime_varying names what differs', () => {
  let drawings = 0;
  const error = mistake(() =>
    dag('d', none, () => {
      drawings += 1;
      task(`t${drawings}`, () => {})();
    }),
  );
  expect(error).toMatchObject({ code: 'runtime_varying' });
  expect(error.message).toContain('tasks[0].id was "t1", then "t2"');
});

const wirings: [string, () => unknown, RegExp][] = [
  ['a task that is not called', () => two(untyped(one)), /takes task 'one' itself, not its output/],
  ['a value that cannot be stored', () => any({ f: () => 1 }), /cannot be stored/],
  ['awaiting', () => (one() as Promise<number>).then(() => 1), /is awaited/],
  ['printing', () => `${one()}`, /is turned into a text/],
  ['JSON', () => JSON.stringify({ one: one() }), /is turned into JSON/],
  ['mapping over a number', () => two.over(untyped(3)), /is mapped over, but it is no list/],
  ['mapping over a text', () => two.expand(untyped({ n: 'abc' })), /argument 'n' .* no list/],
  ['expanding over nothing', () => two.expand(untyped({})), /is expanded over no argument/],
  [
    'a fixed argument, expanded',
    () =>
      task('f', (_: { a: number }) => 1)
        .partial({ a: 1 })
        .expand(untyped({ a: [1] })),
    /both fixed and expanded/,
  ],
  [
    'fixed arguments and a scalar',
    () => task('f', (_: { a: number }) => 1).partial({ a: 1 })(untyped(3)),
    /no object of named arguments/,
  ],
  ['.map() without function', () => list().map(untyped(1)), /got no function/],
  [
    'chain of unequal lists',
    () => chain([one(), list()], [any(1)].concat([two(1), any.with({ name: 'c' })(1)])),
    /a list of 2 followed by a list of 3/,
  ],
  ['chain over a text', () => chain(one(), untyped('x')), /is no output of this DAG/],
  ['order after a param', () => chain(untyped(undefined)), /is no output of this DAG/],
  [
    'a setup that is not called',
    () => using(untyped(one), any, () => {}),
    /the setup of using\(\) is task 'one' itself/,
  ],
  [
    'a teardown of nothing',
    () =>
      using(
        one(),
        (r) => r,
        () => {},
      ),
    /calls no task of its own/,
  ],
  [
    'a rule behind a setup',
    () => using(one(), any, (n) => task('w', (_: unknown) => 1, { triggerRule: 'all_done' })(n)),
    /directly behind a setup/,
  ],
  [
    'always over an output',
    () =>
      task('m', (_: number) => 1)
        .with({ triggerRule: 'always' })
        .over(list()),
    /does not wait for it/,
  ],
];
test.each(wirings)('invalid_wiring: %s', (_, body, message) => {
  const error = mistake(() => dag('d', none, () => void body()));
  expect(error).toMatchObject({ code: 'invalid_wiring' });
  expect(error.message).toMatch(message);
});

test('invalid_wiring: mapped groups', () => {
  const inGroup = (body: (n: Output<number>) => Output<unknown>) =>
    mistake(() => dag('d', none, () => void eachGroup('g', [1, 2], body)));
  expect(inGroup(() => two.over([1])).message).toContain('mapped inside of mapped group');
  expect(inGroup(() => eachGroup('h', [1], (n) => two(n))).message).toContain('lies inside of mapped group');
  expect(inGroup((n) => n).message).toContain('returns no output of a task in it');
  const leak = mistake(() =>
    dag('d', none, () => {
      let leaked: Output<number> | undefined;
      eachGroup('g', [1, 2], (n) => {
        leaked = two(n);
        return any(leaked);
      });
      any.with({ name: 'outside' })(leaked);
    }),
  );
  expect(leak.message).toContain("takes an output from inside of mapped group 'g'");
});

test('invalid_wiring: outputs of another DAG, and asynchronous bodies', () => {
  let kept: Output<number> | undefined;
  dag('first', none, () => {
    kept = one();
  });
  expect(mistake(() => dag('second', none, () => void two(kept!))).message).toContain('output of another DAG');
  expect(mistake(() => dag('third', none, async () => void one())).message).toContain('is asynchronous');
});

test('invalid_option: failFast, memory and teardowns', () => {
  const late = task('late', () => {}, { triggerRule: 'all_done' });
  expect(mistake(() => dag('d', { failFast: true }, () => void late())).message).toContain("task 'late'");
  expect(mistake(() => dag('d', none, () => void task('m', () => {}, { memory: '1GB' })())).message).toContain(
    'memory',
  );
  dag('d', { defaultArgs: { memory: '1GB' } }, () => void one());
});
