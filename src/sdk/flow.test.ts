import { expect, test } from 'vitest';
import { cacheBy, dag, flow, inputHash, task } from '../index.ts';
import type { KeyPolicy } from './cache-policy.ts';
import type { Context } from './context.ts';
import { captureWorkflows, drawnWorkflow } from './drawn.ts';

const body = async () => {};

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { code, message, fix, place } = error as {
      code: string;
      message: string;
      fix: string;
      place?: { file: string };
    };
    expect(place?.file).toContain('flow.test.ts');
    return `${code}: ${message} | ${fix}`;
  }
  throw new Error('nothing was refused');
}

test('a flow is a workflow of one task, its body', () => {
  const made = flow('a-flow', body, {
    description: 'd',
    docs: '# docs',
    tags: ['x', 'x'],
    owner: 'me',
    retries: 2,
    retryDelay: ['1s', '1m'],
    timeout: '2h',
    params: { n: 1 },
  });
  const { spec, flow: facts, taskFunctions } = drawnWorkflow(made);
  expect(spec).toMatchObject({
    kind: 'flow',
    id: 'a-flow',
    description: 'd',
    docs: '# docs',
    tags: ['x'],
    owner: 'me',
    schedule: { kind: 'none' },
    params: { defaults: { n: '[1]' } },
    tasks: [{ id: 'a-flow', retries: 2, retryDelay: [1000, 60_000], timeout: 7_200_000, input: { kind: 'params' } }],
  });
  expect(facts?.definition.name).toBe('a-flow');
  expect(taskFunctions(0).kind).toBe('task');
  expect(made.name).toBe('a-flow');
});

test('.with() makes another flow of it, which is none of the file', async () => {
  const found = await captureWorkflows(async () => {
    const made = flow('with', body, { retries: 1 });
    expect(drawnWorkflow(made.with({ timeout: '1s' })).spec.tasks[0]).toMatchObject({ retries: 1, timeout: 1000 });
  });
  expect(found.map(({ spec }) => spec.id)).toEqual(['with']);
});

test('two workflows of one name in a file are refused', async () => {
  await expect(
    captureWorkflows(async () => {
      flow('twice', body);
      dag('twice', {}, () => {});
    }),
  ).rejects.toMatchObject({ code: 'duplicate_dag' });
});

test('what is wrong with a flow is said where it is written', () => {
  expect(refusal(() => flow('a flow', body))).toMatch(/^invalid_id: 'a flow' cannot be the name of a flow/);
  expect(refusal(() => flow('x', 3 as never))).toMatch(/^invalid_wiring: flow 'x' has no function/);
  expect(refusal(() => flow('x', body, { retry: 1 } as never))).toMatch(/^invalid_option: flow 'x': option 'retry': 1/);
  expect(refusal(() => flow('x', body, { retires: 1 } as never))).toMatch(
    /no option 'retires' \| Did you mean 'retries'\?/,
  );
  expect(refusal(() => flow('x', body, { concurrency: 1 } as never))).toMatch(/Limits on flows are not there yet/);
  expect(refusal(() => flow('x', body, { schedule: '@daily' } as never))).toMatch(/Give the schedule to \.serve/);
  expect(refusal(() => flow('x', body, { params: 3 as never }))).toMatch(/^invalid_params: params of flow 'x'/);
  expect(refusal(() => task('x', body, { cacheKey: 'k' as never }))).toMatch(/is no cache policy/);
  expect(refusal(() => task('x', body, { cacheExpiration: 0 }))).toMatch(/not above zero/);
});

test('calls in the wrong place say where the right one is', () => {
  const child = flow('child', async (_: { n: number }) => 1);
  const one = task('one', (n: number) => n);
  expect(refusal(() => child({ n: 1 }))).toMatch(
    /outside_dag: flow 'child' is called outside of a flow \| Run it with/,
  );
  expect(refusal(() => dag('d', {}, () => void child({ n: 1 })))).toMatch(/is called in the body of a DAG/);
  expect(refusal(() => dag('d', {}, () => void one.map([1])))).toMatch(/Use \.over\(list\)/);
});

test('serving does nothing while the file is loaded, and wants a name', async () => {
  await captureWorkflows(async () => {
    await flow('served', body).serve({ name: 'x', cron: '@daily' });
  });
  await expect(flow('served', body).serve({} as never)).rejects.toMatchObject({ code: 'invalid_option' });
  await expect(flow('served', body).serve({ name: 'x', cronn: 1 } as never)).rejects.toMatchObject({
    fix: expect.stringMatching(/Did you mean 'cron'/),
  });
});

const context = { run: { id: 'r1', workflow: 'w' } } as unknown as Context;
const fn = () => 1;

function key(
  policy: unknown,
  facts: { task?: string; input?: unknown; run?: string; flowParams?: object; fn?: () => unknown } = {},
) {
  const { task: name = 't', input, run = 'r1', flowParams = {}, fn: code = fn } = facts;
  return (policy as KeyPolicy).keyOf({
    task: name,
    fn: code,
    input,
    context: { run: { ...context.run, id: run } } as unknown as Context,
    flowParams: flowParams as Record<string, unknown>,
  });
}

test('cache keys: by inputs, whatever the order of their keys', () => {
  expect(key(inputHash, { input: { a: 1, b: 2 } })).toBe(key(inputHash, { input: { b: 2, a: 1 } }));
  expect(key(inputHash, { input: { a: 1 } })).not.toBe(key(inputHash, { input: { a: '1' } }));
  expect(key(inputHash, { input: 1 })).not.toBe(key(inputHash, { input: 1, task: 'other' }));
  expect(key(inputHash)).not.toBeNull();
  expect(key(cacheBy.inputs)).toBeNull();
  expect(key(cacheBy.inputs.without('b'), { input: { a: 1, b: 2 } })).toBe(
    key(cacheBy.inputs.without('b'), { input: { a: 1 } }),
  );
  expect(key(cacheBy.inputs.without('b'), { input: { b: 2 } })).toBeNull();
});

test('cache keys: by code, run, params, functions, and both of two', () => {
  expect(key(cacheBy.code)).not.toBe(key(cacheBy.code, { fn: () => 2 }));
  expect(key(cacheBy.run)).not.toBe(key(cacheBy.run, { run: 'r2' }));
  expect(key(cacheBy.flowParams)).toBeNull();
  expect(key(cacheBy.flowParams, { flowParams: { a: 1 } })).not.toBe(key(cacheBy.flowParams, { flowParams: { a: 2 } }));
  expect(key(cacheBy.none)).toBeNull();
  expect(key(cacheBy.none.and(cacheBy.run))).toBe(key(cacheBy.run));
  const both = cacheBy.inputs.and(cacheBy.run);
  expect(key(both, { input: 1 })).toBe(key(cacheBy.run.and(cacheBy.inputs), { input: 1 }));
  expect(key(both, { input: 1 })).not.toBe(key(both, { input: 2 }));
  expect(key(both)).toBe(key(cacheBy.run));
  expect(
    key(
      cacheBy.key(() => 'own'),
      { task: 'a' },
    ),
  ).toBe('own');
  expect(key(cacheBy.key(() => ''))).toBeNull();
  expect(() => key(cacheBy.key(() => 5 as never))).toThrow(TypeError);
  expect(key(cacheBy.key(() => 'own').and(cacheBy.run))).not.toBe('own');
});
