import type { EngineTransaction } from '../engine/transaction.ts';
import type { ApiParts } from './route.ts';

/** Does something, durably, and lets the engine look at what has come of it at once. */
export async function act<T>(
  { engine }: Pick<ApiParts, 'engine'>,
  body: (e: EngineTransaction) => Promise<T>,
): Promise<T> {
  const result = await engine.commandNow(body);
  engine.wake();
  return result;
}

/** Who acts, as runs and backfills remember it. */
export const ACTOR = 'rest_api';
