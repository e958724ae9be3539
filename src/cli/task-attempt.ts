import { join } from 'node:path';
import { WorkflowGraph } from '../engine/graph.ts';
import { mappedInput, RunValues, resolveExpression } from '../engine/mapping.ts';
import type { Answer, AttemptOrder, Outcome, Question, RunFacts, RunnerQuestion } from '../executor/executor.ts';
import { MillraceError } from '../model/errors.ts';
import type { ResolvedExpression } from '../model/expression.ts';
import { paramsOfRun } from '../model/params.ts';
import { encodeValue } from '../model/value.ts';
import { cachedObjects } from '../runner/cached-objects.ts';
import { type AttemptEnvironment, RunningAttempt } from '../runner/run-attempt.ts';
import { openObjects } from '../runner/worker/open-objects.ts';
import type { RunRow } from '../store/rows.ts';
import { OBJECTS_VARIABLE } from './commands/server-options.ts';
import type { InlineCode } from './inline-code.ts';
import { logText } from './log-text.ts';
import { finderOver } from './server/server.ts';
import type { Session } from './session.ts';

/** The one instance that `tasks test` and `tasks render` are about. */
export interface TaskTarget {
  readonly code: InlineCode;
  readonly task: number;
  readonly mapIndex: number;
  /** The run whose outputs are the input; null: there is none, and the input must need no outputs. */
  readonly run: RunRow | null;
  readonly logicalDate: number;
  readonly conf: Readonly<Record<string, unknown>>;
}

/** Runs one task in this process, whatever its upstream did, and records nothing. */
export async function attemptTask(
  session: Session,
  target: TaskTarget,
  input: ResolvedExpression | null,
): Promise<Outcome> {
  const { code, task } = target;
  const { terminal, clock } = session;
  const { id, timeout } = code.spec.tasks[task]!;
  const order: AttemptOrder = {
    token: 'test',
    run: 0,
    task,
    taskId: id,
    mapIndex: target.mapIndex,
    mapLength: null,
    attempt: 1,
    maxAttempts: 1,
    input,
    mappable: false,
    timeout,
    isolation: 'shared',
    memory: null,
    flow: null,
  };
  const who = { name: target.mapIndex < 0 ? id : `${id}[${target.mapIndex}]`, attempt: 1 };
  const environment: AttemptEnvironment = {
    clock,
    objects: cachedObjects(await openObjects(objectsOf(session))),
    inlineLimit: Number.MAX_SAFE_INTEGER,
    worker: 'test',
    load: () => code.drawn,
    transport: {
      log: (_token, line) => terminal.say(logText(terminal, who, line)),
      progress: () => {},
      ask: (_token, question) => answer(session, target, question),
      named: () => {},
      steps: () => {},
      begun: () => {},
      stopping: () => {},
    },
  };
  return (await new RunningAttempt(order, factsOf(target), environment).report).outcome;
}

export function objectsOf({ env, home }: Session): string {
  return env[OBJECTS_VARIABLE] || join(home.folder, 'objects');
}

/** The value that the task would get, as far as the engine resolves it. Throws `not_found` for what is not there yet. */
export async function resolvedInput(session: Session, target: TaskTarget): Promise<ResolvedExpression | null> {
  const graph = new WorkflowGraph(target.code.spec);
  const { input, mapping, id } = graph.task(target.task);
  return session.operate(async ({ tx }) => {
    const values = new RunValues(tx, target.run?.id ?? -1, graph, paramsOf(target));
    const at = { task: target.task, index: target.mapIndex };
    const constant = input && (await resolveExpression(input, at, values));
    if (mapping && target.mapIndex < 0) {
      throw new MillraceError('invalid_argument', `task '${id}' is mapped`, {
        fix: 'Say which element: --map-index 0',
      });
    }
    const mapped = mapping && (await mappedInput(mapping, target.mapIndex, values));
    const resolved = mapped && constant ? { kind: 'merge' as const, of: [constant, mapped] } : (mapped ?? constant);
    if (resolved && JSON.stringify(resolved).includes('"kind":"absent"') && !target.run) throw needsOutputs(id);
    return resolved;
  });
}

function needsOutputs(id: string): MillraceError {
  return new MillraceError('invalid_argument', `the input of task '${id}' comes from other tasks`, {
    fix: `Give it with --input '{"name": "value"}', or take it from a run with --run latest.`,
  });
}

/** Given as JSON on the command line. */
export function givenInput(value: unknown): ResolvedExpression {
  return { kind: 'value', value: { kind: 'inline', data: encodeValue(value) } };
}

export async function answer(
  session: Session,
  { run }: Pick<TaskTarget, 'run'>,
  question: Question | RunnerQuestion,
): Promise<Answer> {
  try {
    if (question.kind === 'connection' || question.kind === 'variable' || question.kind === 'secret') {
      const finder = finderOver(await session.store(), { home: session.home.folder, env: session.env });
      return { text: await finder[question.kind](question.name) };
    }
    if (question.kind === 'collected' && run) {
      const { task, offset, limit } = question;
      const values = await session.operate(({ tx }) => tx.outputs.collected(run.id, task, { offset, limit }));
      return { values };
    }
    // Nothing is recorded of a test, so nothing is known from an earlier one.
    if (question.kind === 'cached') return { hit: null };
    return { error: `a task that is tested alone cannot ask for '${question.kind}'` };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function paramsOf({ code, run, conf }: TaskTarget): Record<string, string> {
  if (run) return JSON.parse(run.params) as Record<string, string>;
  return paramsOfRun(code.spec, conf);
}

function factsOf(target: TaskTarget): RunFacts {
  const { code, run, logicalDate, conf } = target;
  const interval = run
    ? { start: run.intervalStart, end: run.intervalEnd }
    : new WorkflowGraph(code.spec).timetable.manualInterval(logicalDate);
  return {
    key: 0,
    runId: run?.runId ?? `manual__${new Date(logicalDate).toISOString()}`,
    workflow: code.spec.id,
    kind: code.spec.kind,
    type: run?.type ?? 'manual',
    logicalDate: run ? run.logicalDate : logicalDate,
    intervalStart: interval.start,
    intervalEnd: interval.end,
    runAfter: run?.runAfter ?? logicalDate,
    startedAt: null,
    params: paramsOf(target),
    conf: run?.conf ?? JSON.stringify(conf),
    bundle: code.bundle,
    previousSuccess: null,
  };
}
