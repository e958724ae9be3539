import { AsyncLocalStorage } from 'node:async_hooks';
import type { Connection } from '../model/connection.ts';
import { MillraceError } from '../model/errors.ts';
import type { Context } from './context.ts';
import type { TaskDefinition } from './definition.ts';
import type { FlowDefinition } from './flow-definition.ts';
import type { FlowCall } from './flow-output.ts';

/**
 * What surrounds a running attempt: its context and the way to ask the server for connections, variables and secrets.
 * The runner opens a scope around a task's body; everything below finds it, also over await.
 */
export interface AttemptScope {
  readonly context: Context;
  /** Looks the connection up: environment, secrets backends, store. Undefined when nobody knows it. */
  connection(name: string): Promise<Connection | undefined>;
  variable(name: string): Promise<string | undefined>;
  secret(name: string): Promise<string | undefined>;
  /** From now on the value is written as *** in this attempt's log and errors. */
  mask(value: string): void;
  /** Runs task calls, where the attempt is that of a flow's body. Absent in a task. */
  readonly flow?: FlowRuntime;
}

/** What calls do in the body of a flow. They never throw: what is wrong rejects the call's result. */
export interface FlowRuntime {
  /** Runs the task, or answers from the record. */
  call(definition: TaskDefinition, input: unknown): FlowCall;
  /** Runs a child flow in the same attempt. */
  callFlow(definition: FlowDefinition, input: unknown): FlowCall;
}

// One storage per process, even when two copies of the package are loaded (a bundle's own and the worker's).
const KEY = Symbol.for('millrace.scope');
type Holder = { [KEY]?: AsyncLocalStorage<AttemptScope> };
const holder = globalThis as Holder;
holder[KEY] ??= new AsyncLocalStorage<AttemptScope>();
const storage: AsyncLocalStorage<AttemptScope> = holder[KEY];

/** Runs `body` inside the scope. For the runner and for tests. */
export function withScope<T>(scope: AttemptScope, body: () => T): T {
  return storage.run(scope, body);
}

/** The scope of the attempt that is running here, or undefined outside of one. */
export function currentScope(): AttemptScope | undefined {
  return storage.getStore();
}

/** The scope of the attempt that is running here; throws when there is none. */
export function scopeFor(what: string): AttemptScope {
  const scope = storage.getStore();
  if (scope) return scope;
  throw new MillraceError('invalid_wiring', `${what} works only while a task or a flow runs`, {
    fix: 'Call it inside the function of a task or of a flow, not at the top of the file or in the body of a DAG.',
  });
}
