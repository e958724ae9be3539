import { MillraceError } from '../model/errors.ts';
import type { InstanceKey } from '../store/rows.ts';

/** The only source of randomness of the engine: injected, so that the simulator can own it. */
export interface Ids {
  /** Some characters that nobody can guess and that never come twice. */
  random(): string;
}

/**
 * An attempt token: the instance, the attempt's number, and something that cannot be guessed. It is the fence that
 * every report is checked against in the store; that it also says whom it is about saves looking that up.
 */
export function attemptToken(key: InstanceKey, attempt: number, ids: Ids): string {
  return `${key.run}.${key.task}.${key.index}.${attempt}.${ids.random()}`;
}

export function parseToken(token: string): InstanceKey & { readonly attempt: number } {
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  const third = token.indexOf('.', second + 1);
  const fourth = token.indexOf('.', third + 1);
  const attempt = Number(token.slice(third + 1, fourth < 0 ? undefined : fourth));
  if (first < 0 || second < 0 || third < 0 || !Number.isInteger(attempt)) {
    throw new MillraceError('invalid_argument', `'${token}' is not an attempt token`);
  }
  const run = Number(token.slice(0, first));
  return { run, task: Number(token.slice(first + 1, second)), index: Number(token.slice(second + 1, third)), attempt };
}

export function keyText({ run, task, index }: InstanceKey): string {
  return `${run}.${task}.${index}`;
}
