import { type Connection, parseConnection } from '../model/connection.ts';
import type { Context } from '../sdk/context.ts';
import { type AttemptScope, withScope } from '../sdk/scope.ts';

export interface TestAttempt {
  /** Values that were masked, in order. */
  readonly masked: string[];
  /** Names of connections that were asked for, in order. */
  readonly asked: string[];
  run<T>(body: () => T): T;
}

/** An attempt's scope for the tests of providers: connections by name as URIs, and a signal. */
export function testAttempt(connections: Readonly<Record<string, string>>, signal?: AbortSignal): TestAttempt {
  const masked: string[] = [];
  const asked: string[] = [];
  const scope: AttemptScope = {
    context: { signal: signal ?? new AbortController().signal } as Context,
    async connection(name): Promise<Connection | undefined> {
      asked.push(name);
      const uri = connections[name];
      return uri === undefined ? undefined : parseConnection(name, uri);
    },
    variable: async () => undefined,
    secret: async () => undefined,
    mask: (value) => masked.push(value),
  };
  return { masked, asked, run: (body) => withScope(scope, body) };
}
