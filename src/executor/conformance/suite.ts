import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkflowSpec } from '../../model/spec.ts';
import { decodeValue, encodeValue } from '../../model/value.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import type { Answer, AttemptOrder, BundleRef, Executor, Outcome, Question, RunnerQuestion } from '../executor.ts';
import { orderFor, Probe, submission, valueInput } from './probe.ts';

/** An executor that is not started yet, and what its workers can run. */
export interface ExecutorUnderTest {
  readonly executor: Executor;
  readonly bundle: BundleRef;
  readonly objects: ObjectStore;
}

export interface SuiteOptions {
  /** The suite's own workflow (test/executors/pipeline.ts). */
  readonly spec: WorkflowSpec;
  /** The suite's own flow. */
  readonly flow: WorkflowSpec;
  /** Its grace is 50 ms, its inline limit 1 KiB. */
  make(): Promise<ExecutorUnderTest>;
}

const KNOWN: Readonly<Record<string, string>> = {
  db: 'postgres://user:correct-horse@db.example:5432/sales',
  region: 'eu',
  key: 'hunter2-hunter2',
};

/** What holds for every executor. */
export function executorSuite(name: string, { spec, flow, make }: SuiteOptions): void {
  describe(`${name} executor: conformance`, () => {
    let under: ExecutorUnderTest;
    let probe: Probe;
    let openGate: (answer: Answer) => void;
    let elements: readonly string[] = [];
    let flowAnswers: (question: RunnerQuestion) => Answer = () => ({ journal: [] });

    const answers = (question: Question | RunnerQuestion): Answer | Promise<Answer> => {
      if (question.kind === 'journal' || question.kind === 'cached') return flowAnswers(question);
      if (question.kind === 'collected') {
        const page = elements.slice(question.offset, question.offset + question.limit);
        return { values: page.map((data) => ({ kind: 'inline', data })) };
      }
      if (question.name === 'gate') return gate;
      return { text: KNOWN[question.name] ?? null };
    };
    let gate: Promise<Answer>;

    beforeEach(async () => {
      gate = new Promise((resolve) => {
        openGate = resolve;
      });
      probe = new Probe(answers);
      under = await make();
      flowAnswers = () => ({ journal: [] });
      probe.onSteps = (token, steps) => {
        const numbers = steps.map(({ number }) => number);
        queueMicrotask(() => under.executor.acknowledgeSteps(token, numbers));
      };
      await under.executor.start(probe);
    });
    afterEach(() => under.executor.stop(0));

    const send = (...orders: AttemptOrder[]) => under.executor.submit(submission(spec, under.bundle, orders));
    const start = (taskId: string, rest: Partial<AttemptOrder> = {}) => {
      const order = orderFor(spec, taskId, rest);
      send(order);
      return order.token;
    };
    const run = async (taskId: string, rest: Partial<AttemptOrder> = {}): Promise<Outcome> =>
      (await probe.reported(start(taskId, rest))).outcome;
    const output = async (taskId: string, rest: Partial<AttemptOrder> = {}): Promise<unknown> => {
      const outcome = await run(taskId, rest);
      if (outcome.kind !== 'success') throw new Error(`${taskId}: ${JSON.stringify(outcome)}`);
      return outcome.output?.kind === 'inline' ? decodeValue(outcome.output.data) : outcome.output;
    };
    const messages = (token: string) =>
      (probe.lines.get(token) ?? []).map(({ level, source, message }) => `${level} ${source}: ${message}`);

    it('reports a success with its output, times and process', async () => {
      const { outcome, startedAt, endedAt, worker } = await probe.reported(start('answer'));
      expect(outcome).toEqual({
        kind: 'success',
        output: { kind: 'inline', data: encodeValue({ answer: 42, at: new Date(0) }) },
        length: null,
        skip: null,
      });
      expect(endedAt).toBeGreaterThanOrEqual(startedAt);
      expect(worker).not.toBe('');
    });

    it('reports nothing as null, and takes inputs with their types', async () => {
      expect(await run('nothing')).toMatchObject({ kind: 'success', output: null });
      const input = { at: new Date(5), ids: new Set([1n]), list: [undefined, Number.NaN] };
      expect(await output('echo', { input: valueInput(input) })).toEqual(input);
    });

    it('says what a mapped instance is called, and runs one that cannot be named', async () => {
      const token = start('names_itself', { mapIndex: 2, input: valueInput({ name: 'acme' }) });
      await probe.reported(token);
      expect(probe.names.get(token)).toBe('for acme');
      const unnamed = start('names_itself', { mapIndex: 3, input: valueInput({ name: '' }) });
      expect((await probe.reported(unnamed)).outcome).toMatchObject({ kind: 'success' });
      expect(messages(unnamed).join('\n')).toContain('instanceName threw: Error: it has no name');
      const alone = start('names_itself', { input: valueInput({ name: 'acme' }) });
      await probe.reported(alone);
      expect([...probe.names.keys()]).not.toContain(alone);
    });

    it('reports an error with stack and cause, leaving retries to the task', async () => {
      const token = start('fails');
      const { outcome } = await probe.reported(token);
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'error', retry: 'normal' });
      const { error } = outcome as Extract<Outcome, { kind: 'failed' }>;
      expect(error).toMatchObject({ name: 'Error', message: 'boom', code: null });
      expect(error.stack).toMatch(/pipeline\.ts:\d+:\d+/);
      expect(error.stack).toContain('caused by: Error: the cause');
      expect(error.stack).not.toContain('run-attempt');
      expect(messages(token).join('\n')).toContain('error millrace: Error: boom');

      expect(await run('throws_text')).toMatchObject({ kind: 'failed', error: { message: 'just a text' } });
      expect(await run('fails_for_good')).toMatchObject({ kind: 'failed', reason: 'no_retry', retry: 'never' });
      expect(await run('picky')).toMatchObject({ kind: 'failed', retry: { afterMs: 7000 } });
      expect(await run('never_again')).toMatchObject({ kind: 'failed', reason: 'error', retry: 'never' });
      expect(await run('unserialisable')).toMatchObject({ kind: 'failed', error: { code: 'unserialisable_output' } });
    });

    it('reports a skip, a branch and a short circuit', async () => {
      const indexOf = (id: string) => spec.tasks.findIndex((task) => task.id === id);
      expect(await run('skips')).toEqual({ kind: 'skipped', message: 'nothing to do' });
      expect(await run('choose', { input: valueInput('left') })).toMatchObject({
        kind: 'success',
        skip: { scope: 'direct', tasks: [indexOf('right')] },
      });
      expect(await run('gate', { input: valueInput(false) })).toMatchObject({
        kind: 'success',
        skip: { scope: 'all', tasks: [indexOf('after')] },
      });
      expect(await run('gate', { input: valueInput(true) })).toMatchObject({ kind: 'success', skip: null });
    });

    it('collects the log, the console and what is printed, in order', async () => {
      const token = start('talks');
      await probe.reported(token);
      expect(messages(token)).toEqual([
        'info task: one',
        'info stdout: two 2',
        'error stderr: four',
        'info stdout: three',
      ]);
      expect(probe.lines.get(token)?.[0]?.fields).toEqual({ rows: 1, big: '10' });
    });

    it('passes progress on, the last of it too', async () => {
      const token = start('moves');
      expect((await probe.reported(token)).outcome.kind).toBe('success');
      expect(probe.progressed.get(token)?.at(-1)).toEqual({ done: 3, total: 3 });
    });

    it('asks for connections, variables and secrets, and masks what is secret', async () => {
      const token = start('asks');
      const { outcome } = await probe.reported(token);
      expect(outcome).toMatchObject({ kind: 'success' });
      const { output: stored } = outcome as Extract<Outcome, { kind: 'success' }>;
      expect(stored?.kind === 'inline' && decodeValue(stored.data)).toEqual({
        host: 'db.example',
        region: 'eu',
        missing: 'missing_secret',
        key: 15,
      });
      expect(messages(token)).toEqual(['info task: the key is ***']);
    });

    it('tells the body about its run and its attempt', async () => {
      expect(await output('about', { attempt: 2, maxAttempts: 4, mapIndex: 3, mapLength: 9 })).toEqual({
        ds: '2026-01-02',
        params: { table: 'orders' },
        map: { index: 3, length: 9 },
        attempt: 2,
        maxAttempts: 4,
        run: 'manual__1',
        conf: { from: 'test' },
      });
    });

    it('keeps long outputs in the object store, and reads them from there', async () => {
      const outcome = await run('big', { input: valueInput(2000) });
      expect(outcome).toMatchObject({ kind: 'success', output: { kind: 'object', bytes: 2004 } });
      const { output: stored } = outcome as Extract<Outcome, { kind: 'success' }>;
      expect(
        await output('echo', { input: { kind: 'pick', of: { kind: 'value', value: stored! }, key: 'length' } }),
      ).toBe(2000);
    });

    it('keeps a list that is mapped over element by element', async () => {
      const elementOf = async (count: number, index: number) => {
        const outcome = await run('numbers', { input: valueInput(count), mappable: true });
        expect(outcome).toMatchObject({ kind: 'success', length: count });
        const { output: value } = outcome as Extract<Outcome, { kind: 'success' }>;
        const element = await output('echo', { input: { kind: 'element_of', value: value!, index } });
        return [value?.kind, element];
      };
      expect(await elementOf(2, 1)).toEqual(['list', 'number 1']);
      expect(await elementOf(500, 499)).toEqual(['object', 'number 499']);
      expect(await run('object', { mappable: true })).toMatchObject({ length: 2, output: { kind: 'inline' } });
      expect(await run('single', { mappable: true })).toMatchObject({ error: { code: 'unmappable_output' } });
    });

    it('collects the outputs of a mapped task, inline and in pages, and applies functions to them', async () => {
      const inline = [1, 2].map((value) => ({ kind: 'inline', data: encodeValue(value) }) as const);
      expect(await output('reads', { input: { kind: 'collected', task: 0, length: 2, values: inline } })).toEqual({
        length: 2,
        first: 1,
        last: 2,
      });

      elements = Array.from({ length: 2500 }, (_, index) => encodeValue(index));
      const paged = { kind: 'collected', task: 0, length: 2500, values: null } as const;
      expect(await output('reads', { input: { kind: 'map', of: paged, fn: 0 } })).toEqual({
        length: 2500,
        first: 0,
        last: 24990,
      });
    });

    it('stops a body that is out of time, by its signal', async () => {
      const token = start('waits', { timeout: 20 });
      expect((await probe.reported(token)).outcome).toMatchObject({
        kind: 'failed',
        reason: 'timeout',
        retry: 'normal',
        error: { code: 'task_timeout' },
      });
    });

    it('gives up a body that does not stop', async () => {
      const token = start('deaf', { timeout: 20 });
      expect((await probe.reported(token)).outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
      expect(messages(token).join('\n')).toMatch(/did not stop/);
    });

    it('cancels a running body, and ignores tokens that it does not know', async () => {
      const token = start('waits_for_gate');
      const waiting = start('waits');
      await probe.asked(token);
      under.executor.cancel('unknown', 'cancelled');
      under.executor.cancel(waiting, 'fail_fast');
      expect((await probe.reported(waiting)).outcome).toEqual({ kind: 'cancelled', reason: 'fail_fast' });
      openGate({ text: 'open' });
      expect((await probe.reported(token)).outcome.kind).toBe('success');
    });

    it('fails the attempt whose body throws from a timer or exits the process, and no other', async () => {
      const neighbour = start('waits_for_gate');
      await probe.asked(neighbour);
      if (name !== 'inline') {
        expect(await run('exits')).toMatchObject({ kind: 'failed', error: { code: 'task_failed' } });
        expect(await run('throws_later')).toMatchObject({ kind: 'failed', error: { message: 'from a timer' } });
      }
      openGate({ text: 'open' });
      expect((await probe.reported(neighbour)).outcome.kind).toBe('success');
    });

    it('takes many orders at once, and reports each once', async () => {
      const orders = Array.from({ length: 300 }, (_, index) => orderFor(spec, 'echo', { input: valueInput(index) }));
      send(...orders);
      await probe.until(() => orders.every(({ token }) => probe.reports.has(token)));
      const values = orders.map(({ token }) => {
        const { outcome } = probe.reports.get(token)?.[0] ?? {};
        return outcome?.kind === 'success' && outcome.output?.kind === 'inline' && decodeValue(outcome.output.data);
      });
      expect(values).toEqual(orders.map((_, index) => index));
      expect([...probe.reports.values()].every((reports) => reports.length === 1)).toBe(true);
    });

    it('says how much it takes, and when there is room again', async () => {
      const before = under.executor.free();
      const token = start('waits_for_gate');
      expect(under.executor.free()).toBe(before - 1);
      await probe.asked(token);
      const capacities = probe.capacities;
      openGate({ text: 'open' });
      await probe.until(() => probe.capacities > capacities);
      expect(under.executor.free()).toBe(before);
    });

    it('reports a workflow that its bundle does not have as a failed start', async () => {
      const order = orderFor(spec, 'answer');
      const { runs } = submission(spec, under.bundle, []);
      under.executor.submit({ runs: runs.map((facts) => ({ ...facts, workflow: 'other' })), orders: [order] });
      const { outcome } = await probe.reported(order.token);
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'start_failed', error: { code: 'not_found' } });
    });

    const startFlow = (mode: string, recorded = 0): string => {
      const order = orderFor(flow, 'executor_suite_flow', { input: valueInput({ mode }), flow: { recorded } });
      under.executor.submit(submission(flow, under.bundle, [order]));
      return order.token;
    };
    const flowOutput = async (token: string): Promise<unknown> => {
      const { outcome } = await probe.reported(token);
      if (outcome.kind !== 'success') throw new Error(JSON.stringify(outcome));
      return outcome.output?.kind === 'inline' ? decodeValue(outcome.output.data) : undefined;
    };
    const stepsOf = (token: string) =>
      (probe.stepReports.get(token) ?? []).map(
        ({ name: step, index, attempt, state }) => `${step} ${index} ${attempt} ${state}`,
      );
    const inline = (value: unknown) => ({ kind: 'inline', data: encodeValue(value) }) as const;

    it('runs a flow: its calls are told in order, with logs of their own', async () => {
      const token = startFlow('sequence');
      expect(await flowOutput(token)).toEqual([1, 4, 9]);
      expect(stepsOf(token)).toEqual(
        [0, 1, 2].flatMap((index) => [`square ${index} 1 running`, `square ${index} 1 success`]),
      );
      expect(probe.stepReports.get(token)?.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(probe.stepReports.get(token)?.at(-1)).toMatchObject({ task: 1, output: inline(9), cached: false });
      expect(messages(`${token} 1.2`)).toEqual(['info task: square of 3', 'info stdout: 3 squared']);
      expect(messages(token)).toEqual([]);
    });

    it('lets a flow go on only when the end of a call is durable', async () => {
      const held: [string, number[]][] = [];
      probe.onSteps = (token, steps) => held.push([token, steps.map(({ number }) => number)]);
      const token = startFlow('sequence');
      for (const ended of [1, 2, 3]) {
        await probe.until(() => stepsOf(token).filter((step) => step.endsWith('success')).length === ended);
        await under.executor.free();
        expect(stepsOf(token)).toHaveLength(2 * ended);
        expect(probe.reports.has(token)).toBe(false);
        for (const [of, numbers] of held.splice(0)) under.executor.acknowledgeSteps(of, numbers);
      }
      expect(await flowOutput(token)).toEqual([1, 4, 9]);
    });

    it('runs a hundred calls of a flow side by side', async () => {
      const token = startFlow('parallel');
      expect(await flowOutput(token)).toBe(100);
      expect(stepsOf(token)).toHaveLength(200);
    });

    it('tries a call again, and says so', async () => {
      const token = startFlow('retry');
      expect(await flowOutput(token)).toBe(3);
      expect(stepsOf(token)).toEqual([
        'shaky 0 1 running',
        'shaky 0 1 up_for_retry',
        'shaky 0 2 running',
        'shaky 0 2 up_for_retry',
        'shaky 0 3 running',
        'shaky 0 3 success',
      ]);
    });

    it('answers the calls of a flow from its journal, fetched in pages', async () => {
      const given = probe.stepReports;
      await flowOutput(startFlow('sequence'));
      const first = [...given.values()].at(-1)!.filter(({ state }) => state === 'success');
      const asked: RunnerQuestion[] = [];
      flowAnswers = (question) => {
        asked.push(question);
        return {
          journal: first.slice(0, 2).map(({ task, index, name: step, inputHash }) => {
            const entry = { task, index, name: step, inputHash, attempt: 1, error: null };
            return { ...entry, state: 'success' as const, output: inline(`recorded ${index}`) };
          }),
        };
      };
      const token = startFlow('sequence', 2);
      expect(await flowOutput(token)).toEqual(['recorded 0', 'recorded 1', 9]);
      expect(stepsOf(token)).toEqual(['square 2 1 running', 'square 2 1 success']);
      expect(asked).toEqual([{ kind: 'journal', offset: 0, limit: 1000 }]);

      const error = { name: 'RangeError', message: 'recorded', stack: null, code: null };
      const failed = { task: 1, index: 0, name: 'fails', state: 'failed', attempt: 1, inputHash: null } as const;
      flowAnswers = () => ({ journal: [{ ...failed, output: null, error }] });
      expect(await flowOutput(startFlow('failure', 1))).toBe('true RangeError recorded');

      flowAnswers = () => ({ error: 'the store is away' });
      expect((await probe.reported(startFlow('sequence', 2))).outcome).toMatchObject({ kind: 'lost' });
    });

    it('answers a call of a flow from the cache, and says under which key an answer may do', async () => {
      flowAnswers = () => ({ hit: null });
      const first = startFlow('cached');
      expect(await flowOutput(first)).toEqual([7]);
      const { cache, endedAt } = probe.stepReports.get(first)!.at(-1)!;
      expect(cache?.expiresAt).toBeGreaterThanOrEqual(endedAt! + 3_600_000 - 1000);
      flowAnswers = (question) => {
        const known = question.kind === 'cached' && question.key === cache?.key;
        return { hit: known ? { output: inline(['cached']), length: null } : null };
      };
      const second = startFlow('cached');
      expect(await flowOutput(second)).toEqual(['cached']);
      expect(probe.stepReports.get(second)).toMatchObject([{ state: 'success', cached: true, cache: null }]);
    });

    it('cancels a flow in the middle of a call', async () => {
      const token = startFlow('waits');
      await probe.until(() => stepsOf(token).includes('waits 0 1 running'));
      under.executor.cancel(token, 'cancelled');
      expect((await probe.reported(token)).outcome).toEqual({ kind: 'cancelled', reason: 'cancelled' });
      expect(stepsOf(token)).toEqual(['square 0 1 running', 'square 0 1 success', 'waits 0 1 running']);
    });

    it('fails the call of a flow that exits the process, and no other', async () => {
      if (name === 'inline') return;
      expect(await flowOutput(startFlow('exits'))).toEqual(['failed', 16]);
    });

    it('waits for bodies when it stops, then reports the rest as lost', async () => {
      const stuck = start('deaf');
      const gated = start('waits_for_gate');
      await probe.asked(gated);
      const stopped = under.executor.stop(100);
      expect(under.executor.free()).toBe(0);
      openGate({ text: 'open' });
      await stopped;
      expect(probe.reports.get(gated)?.[0]?.outcome.kind).toBe('success');
      expect(probe.reports.get(stuck)?.[0]?.outcome).toMatchObject({ kind: 'lost', reason: 'worker_exited' });
      const late = start('answer');
      expect((await probe.reported(late)).outcome).toMatchObject({ kind: 'lost' });
    });
  });
}
