import type { CacheEntry, ErrorReport, JournalEntry, StepReport } from '../../executor/executor.ts';
import { sleep } from '../../model/clock.ts';
import type { StoredValue } from '../../model/expression.ts';
import { materialise } from '../../model/mappable.ts';
import { listedRetryDelay, logicalDateText, retryDelay } from '../../model/retry-delay.ts';
import { encodeValue } from '../../model/value.ts';
import { valueHash } from '../../model/value-hash.ts';
import type { FlowCall } from '../../sdk/flow-output.ts';
import type { RetryDecision } from '../../sdk/retry-decision.ts';
import { CancelSignal } from '../../sdk/signals.ts';
import type { State } from '../../sdk/state.ts';
import { type CacheLookup, cacheEntry, lookUp, storedValue } from '../cached-answer.ts';
import { encodeOutput } from '../encode-output.ts';
import { errorReport } from '../error-report.ts';
import { failureOutcome } from '../failure.ts';
import type { StopCause } from '../stop-cause.ts';
import { awaitedInput, UpstreamFailure } from './awaited-input.ts';
import type { StepPlace, StepSurroundings } from './flow-surroundings.ts';
import type { Call } from './occurrences.ts';
import { recordedError } from './recorded-error.ts';
import {
  CANCELLED,
  cancelled,
  completed,
  failed,
  isAnswer,
  SKIPPED,
  upstreamFailed,
  valueOfState,
} from './step-state.ts';
import { StepTry } from './step-try.ts';
import type { StepWork } from './step-work.ts';

/** One call in a flow, from the code that makes it to the record that answers it. */
export class Step implements FlowCall {
  readonly result: Promise<unknown>;
  readonly state: Promise<State<unknown>>;
  readonly #scope: StepSurroundings;
  readonly #work: StepWork;
  #begun = false;
  readonly #waitFor: unknown[] = [];
  #try: StepTry | undefined;

  constructor(scope: StepSurroundings, work: StepWork, input: unknown) {
    this.#scope = scope;
    this.#work = work;
    this.state = this.#toState(input);
    this.result = this.state.then(valueOfState);
    // Nobody has to look at a call.
    this.result.catch(() => {});
  }

  waitFor(others: readonly unknown[]): boolean {
    if (this.#begun) return false;
    this.#waitFor.push(...others);
    return true;
  }

  stop(cause: StopCause): void {
    this.#try?.stop(cause);
  }

  /** The whole way of a call. Rejects only when the body that made it is told to stop. */
  async #toState(written: unknown): Promise<State<unknown>> {
    const { attempt } = this.#scope;
    attempt.moved();
    // A key function needs the input; else the place among the calls of its name is known at once.
    const { key } = this.#work;
    const called = typeof key === 'function' ? null : this.#called(key);
    // .after() is written behind the call.
    await null;
    this.#begun = true;
    this.#scope.checkGoing();
    let input: unknown;
    try {
      input = await this.#input(written);
    } catch (error) {
      this.#scope.checkGoing();
      if (!(error instanceof UpstreamFailure)) throw error;
      return this.#upstreamFailed(called, error.error);
    }
    this.#scope.checkGoing();
    const { place, entry } = await this.#find(called ?? this.#called(this.#keyOf(input)), hashOf(input));
    if (!entry || !isAnswer(entry)) return this.#run(place, input, entry?.attempt ?? 0);
    const answer = await this.#replay(entry);
    attempt.moved();
    return answer;
  }

  #called(key: string | null): Called {
    const { occurrences } = this.#scope;
    const name = this.#scope.fullName(this.#work.name, key);
    const call = occurrences.next(name);
    return { call, index: occurrences.isKnown(name) ? null : occurrences.fresh(call) };
  }

  /** Which of the recorded calls this is, or its place as a new one. */
  async #find({ call, index }: Called, inputHash: string | null): Promise<Found> {
    const { occurrences, attempt } = this.#scope;
    const place = (at: number) => ({
      task: attempt.journal.numberOf(call.name),
      index: at,
      name: call.name,
      inputHash,
    });
    if (index !== null) return { place: place(index), entry: undefined };
    let entry = occurrences.claim(call, inputHash);
    if (!entry && occurrences.mayBeByOrder(call)) {
      // It was given something new: those that were given what is on record go first.
      await attempt.quiet();
      this.#scope.checkGoing();
      entry = occurrences.claimByOrder(call);
    }
    attempt.moved();
    return { place: place(entry?.index ?? occurrences.fresh(call)), entry };
  }

  async #input(written: unknown): Promise<unknown> {
    if (this.#waitFor.length > 0) await awaitedInput(this.#waitFor);
    const { fixed } = this.#work;
    return awaitedInput(fixed === null ? written : { ...fixed, ...(written as object | undefined) });
  }

  #keyOf(input: unknown): string | null {
    const { key } = this.#work;
    return typeof key === 'function' ? String(key(input)) : key;
  }

  async #replay(entry: JournalEntry): Promise<State<unknown>> {
    const { objects } = this.#scope.attempt.environment;
    if (entry.state === 'success') return completed(await storedValue(entry.output, objects), 'Completed');
    if (entry.state === 'skipped') return SKIPPED;
    if (entry.error?.name === CANCELLED) return cancelled(entry.error.message);
    const error = recordedError(entry.error, entry.name);
    return entry.state === 'failed' ? failed(error, entry.error?.code === 'task_timeout') : upstreamFailed(error);
  }

  async #upstreamFailed(called: Called | null, error: unknown): Promise<State<unknown>> {
    // Without its input a call with a key function has no name of its own.
    if (!called) return upstreamFailed(error);
    const { place, entry } = await this.#find(called, null);
    const now = this.#now;
    const attempt = (entry?.attempt ?? 0) + 1;
    const end = { ...ended(now, now), error: this.#errorReport(error) };
    if (entry?.state !== 'upstream_failed') {
      await this.#record(place, { attempt, maxAttempts: attempt, state: 'upstream_failed', ...end });
    }
    return upstreamFailed(error);
  }

  /** Attempts go on counting where the record stops; each time there is a full allowance of retries. */
  async #run(place: StepPlace, input: unknown, before: number): Promise<State<unknown>> {
    const { retries } = this.#work;
    const maxAttempts = before + 1 + retries;
    let lookup: CacheLookup | undefined;
    for (let attempt = before + 1; ; attempt++) {
      const numbers = { attempt, maxAttempts };
      const tried = new StepTry(this.#scope, this.#work, { place, ...numbers, input });
      this.#try = tried;
      lookup ??= await this.#lookUp(tried, input);
      this.#scope.checkGoing();
      const startedAt = this.#now;
      if (lookup.hit) return this.#answerFromCache(place, numbers, lookup.hit);
      this.#scope.attempt.reports.tell(report(place, { ...numbers, state: 'running', ...started(startedAt) }));
      if (this.#scope.repeats) this.#note(place, { attempt, state: 'running', output: null, error: null });
      let thrown: unknown;
      try {
        const value = materialise(await tried.value(input));
        if (this.#work.kind === 'flow' && this.#scope.attempt.interrupted) this.#scope.checkGoing();
        const stored = await this.#encode(value, lookup.key !== null);
        const cache = cacheEntry(this.#work.cache, lookup.key, this.#scope.attempt.environment.clock);
        const end = { ...ended(startedAt, this.#now), output: stored, cache };
        await this.#record(place, { ...numbers, state: 'success', ...end });
        return completed(value, 'Completed');
      } catch (error) {
        thrown = error;
      } finally {
        tried.end();
      }
      const end = await this.#afterFailure(place, thrown, { ...numbers, startedAt, tries: attempt - before, tried });
      if (end) return end;
    }
  }

  /** Records a failure: how the call has ended, or undefined after the wait for the next attempt. */
  async #afterFailure(
    place: StepPlace,
    thrown: unknown,
    failure: {
      readonly attempt: number;
      readonly maxAttempts: number;
      readonly startedAt: number;
      readonly tries: number;
      readonly tried: StepTry;
    },
  ): Promise<State<unknown> | undefined> {
    // The failure is the stop's, not the body's own: the call stays on record as running, and runs again.
    this.#scope.checkGoing();
    const { attempt, maxAttempts, startedAt, tries, tried } = failure;
    const numbers = { attempt, maxAttempts };
    const times = ended(startedAt, this.#now);
    if (CancelSignal.is(thrown)) {
      const error: ErrorReport = { name: CANCELLED, message: thrown.message ?? '', stack: null, code: null };
      await this.#record(place, { ...numbers, state: 'failed', ...times, reason: 'cancelled', error });
      return cancelled(thrown.message);
    }
    const outcome = failureOutcome(thrown, {
      retry: (error) => this.#work.retry(error),
      log: tried.log,
      mask: this.#scope.attempt.masker.mask,
      reason: tried.timedOut ? 'timeout' : 'error',
    });
    if (outcome.kind !== 'failed') {
      await this.#record(place, { ...numbers, state: 'skipped', ...times });
      return SKIPPED;
    }
    const { reason, error, retry } = outcome;
    if (retry === 'never' || attempt >= maxAttempts) {
      await this.#record(place, { ...numbers, state: 'failed', ...times, reason, error });
      return failed(thrown, tried.timedOut);
    }
    this.#scope.attempt.reports.tell(report(place, { ...numbers, state: 'up_for_retry', ...times, reason, error }));
    const delay = this.#delay(place, tries, retry);
    if (delay > 0) await sleep(this.#scope.attempt.environment.clock, delay, this.#scope.signal);
    this.#scope.checkGoing();
    return undefined;
  }

  async #answerFromCache(
    place: StepPlace,
    numbers: { readonly attempt: number; readonly maxAttempts: number },
    { output, length, value }: NonNullable<CacheLookup['hit']>,
  ): Promise<State<unknown>> {
    const at = this.#now;
    const end = { ...ended(at, at), output, length, cached: true };
    await this.#record(place, { ...numbers, state: 'success', ...end });
    return completed(value, 'Cached');
  }

  #lookUp({ context, log }: StepTry, input: unknown): Promise<CacheLookup> {
    const { attempt, params } = this.#scope;
    const { cache } = this.#work;
    const call = { cache, input, context, log, mappable: false, flowParams: cache ? params() : {} };
    return lookUp(call, { objects: attempt.environment.objects, ask: attempt.ask });
  }

  async #encode(value: unknown, cached: boolean): Promise<StoredValue | null> {
    const { inlineLimit, objects } = this.#scope.attempt.environment;
    const { output } = await encodeOutput(value, { mappable: false, inlineLimit, objects });
    // The cache finds answers by their outputs: also nothing has to be one.
    return output ?? (cached ? { kind: 'inline', data: encodeValue(undefined) } : null);
  }

  async #record(place: StepPlace, end: Omit<StepReport, 'number' | keyof StepPlace>): Promise<void> {
    await this.#scope.attempt.reports.record(report(place, end));
    const again = end.state === 'failed' || end.state === 'upstream_failed';
    if (this.#scope.repeats) this.#note(place, { ...end, state: again ? 'none' : end.state });
  }

  /** For a body that runs again in this attempt: what has failed is to run again, too. */
  #note(place: StepPlace, { attempt, state, output, error }: Omit<JournalEntry, keyof StepPlace>): void {
    this.#scope.attempt.journal.note({ ...place, attempt, state, output, error });
  }

  #delay({ name }: StepPlace, tries: number, decision: RetryDecision): number {
    if (typeof decision === 'object') return decision.afterMs;
    const { retryDelay: delay, retryBackoff, maxRetryDelay } = this.#work;
    if (typeof delay !== 'number') return listedRetryDelay(delay, tries);
    const { workflow, logicalDate } = this.#scope.attempt.run;
    return retryDelay({
      dagId: workflow,
      taskId: name,
      logicalDateText: logicalDateText(logicalDate),
      attempt: tries,
      retryDelayMs: delay,
      backoff: delay === 0 ? 0 : retryBackoff,
      maxRetryDelayMs: maxRetryDelay ?? undefined,
    });
  }

  #errorReport(error: unknown): ErrorReport {
    return errorReport(error, this.#scope.attempt.masker.mask);
  }

  get #now(): number {
    return this.#scope.attempt.environment.clock.now();
  }
}

/** Which call of its name it is, and its place where the run has not met the name. */
interface Called {
  readonly call: Call;
  readonly index: number | null;
}

interface Found {
  readonly place: StepPlace;
  readonly entry: JournalEntry | undefined;
}

/** Tells what calls are given apart; null where there is no input, or none that can be kept. */
function hashOf(input: unknown): string | null {
  if (input === undefined) return null;
  try {
    return valueHash(input);
  } catch {
    return null;
  }
}

type Rest = 'startedAt' | 'endedAt' | 'reason' | 'output' | 'length' | 'error' | 'cache' | 'cached';

function ended(startedAt: number, endedAt: number | null): Pick<StepReport, Rest> {
  const cache: CacheEntry | null = null;
  return { startedAt, endedAt, reason: null, output: null, length: null, error: null, cache, cached: false };
}

function started(startedAt: number): Pick<StepReport, Rest> {
  return ended(startedAt, null);
}

function report(place: StepPlace, end: Omit<StepReport, 'number' | keyof StepPlace>): Omit<StepReport, 'number'> {
  return { ...place, ...end };
}
