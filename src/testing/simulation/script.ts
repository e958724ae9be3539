import type { AttemptOrder, Outcome } from '../../executor/executor.ts';
import { encodeValue } from '../../model/value.ts';
import type { Random } from './random.ts';

/** What the body of a task does, attempt after attempt. Drawn with the workflow. */
export interface Script {
  readonly kind: 'success' | 'flaky' | 'fails' | 'skips' | 'hangs' | 'sensor' | 'branch' | 'short_circuit';
  readonly least: number;
  readonly most: number;
  /** Flaky: attempts that fail; sensor: calls that find nothing. */
  readonly times: number;
  /** Elements of the output, where a mapping reads it. */
  readonly elements: number;
  /** Branch: direct downstream tasks to choose from. */
  readonly choices: readonly number[];
}

/** One attempt of a body: how long it takes, and how it ends; null: it does not end by itself. */
export interface Performance {
  readonly ms: number;
  readonly outcome: Outcome | null;
}

export function perform(script: Script, order: AttemptOrder, times: number, random: Random, now: number): Performance {
  const ms = random.int(script.least, script.most);
  return { ms, outcome: outcomeOf(script, order, times, random, now + ms) };
}

function outcomeOf(script: Script, order: AttemptOrder, times: number, random: Random, end: number): Outcome | null {
  switch (script.kind) {
    case 'success':
      return success(script, order);
    case 'flaky':
      return times < script.times ? failure(random) : success(script, order);
    case 'fails':
      return failure(random);
    case 'skips':
      return { kind: 'skipped', message: null };
    case 'hangs':
      return times < script.times ? null : success(script, order);
    case 'sensor':
      return times < script.times ? { kind: 'rescheduled', at: end + random.int(100, 5000) } : success(script, order);
    case 'branch': {
      const followed = random.some(script.choices, 0.5);
      const skipped = script.choices.filter((task) => !followed.includes(task));
      return { ...success(script, order), skip: { scope: 'direct', tasks: skipped } };
    }
    case 'short_circuit':
      return random.chance(0.5)
        ? { ...success(script, order), skip: { scope: 'all', tasks: [] } }
        : success(script, order);
  }
}

function success({ elements }: Script, { mappable }: AttemptOrder): Extract<Outcome, { kind: 'success' }> {
  if (!mappable) return { kind: 'success', output: { kind: 'inline', data: encodeValue(1) }, length: null, skip: null };
  const list = Array.from({ length: elements }, (_, index) => encodeValue(index));
  return { kind: 'success', output: { kind: 'list', elements: list }, length: elements, skip: null };
}

function failure(random: Random): Outcome {
  const error = { name: 'Error', message: 'the script says so', stack: null, code: null };
  const odd = random.chance(0.1);
  const retry = !odd ? 'normal' : random.chance(0.5) ? 'never' : { afterMs: random.int(0, 4000) };
  return { kind: 'failed', reason: retry === 'never' ? 'no_retry' : 'error', error, retry };
}
