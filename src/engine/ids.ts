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
  const [run, task, index, attempt] = token.split('.', 4).map(Number);
  if (run === undefined || task === undefined || index === undefined || !Number.isInteger(attempt)) {
    throw new MillraceError('invalid_argument', `'${token}' is not an attempt token`);
  }
  return { run, task, index, attempt: attempt! };
}

export function keyText({ run, task, index }: InstanceKey): string {
  return `${run}.${task}.${index}`;
}
