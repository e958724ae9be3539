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
  /** Its grace is 50 ms, its inline limit 1 KiB. */
  make(): Promise<ExecutorUnderTest>;
}

const KNOWN: Readonly<Record<string, string>> = {
  db: 'postgres://user:correct-horse@db.example:5432/sales',
  region: 'eu',
  key: 'hunter2-hunter2',
};

/** What holds for every executor. */
export function executorSuite(name: string, { spec, make }: SuiteOptions): void {
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
