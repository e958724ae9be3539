interface Ended {
  /** For people: Completed, Cached, Failed, TimedOut, UpstreamFailed, Skipped, Cancelled, or a name of your own. */
  readonly name: string;
  readonly message: string | null;
}

/** How a call in a flow, or a flow, has ended. */
export type State<T = unknown> =
  | (Ended & { readonly type: 'completed'; readonly value: T })
  | (Ended & { readonly type: 'failed'; readonly error: unknown })
  /** It did not run, because what it takes failed. */
  | (Ended & { readonly type: 'upstream_failed'; readonly error: unknown })
  | (Ended & { readonly type: 'skipped' })
  | (Ended & { readonly type: 'cancelled' });

// States are known by identity, so that data which happens to look like one is data.
const KEY = Symbol.for('millrace.states');
type Holder = { [KEY]?: WeakSet<object> };
const holder = globalThis as Holder;
holder[KEY] ??= new WeakSet<object>();
const states: WeakSet<object> = holder[KEY];

/** Makes an object a state. For the runner. */
export function asState<S extends State<unknown>>(made: S): S {
  states.add(made);
  return made;
}

export function isState(value: unknown): value is State<unknown> {
  return typeof value === 'object' && value !== null && states.has(value);
}

interface StateWords {
  readonly name?: string;
  readonly message?: string;
}

function ended(name: string, words: StateWords = {}): Ended {
  return { name: words.name ?? name, message: words.message ?? null };
}

/** States to return from a task or a flow of your own accord (Prefect's Completed(), Failed() and Cancelled()). */
export const state = {
  /** Ends as a success with this value. */
  completed: <T>(value: T, words?: StateWords): State<T> =>
    asState({ type: 'completed', value, ...ended('Completed', words) }),
  /** Ends as a failure; `error` may be a text. */
  failed: (error: unknown, words?: StateWords): State<never> =>
    asState({ type: 'failed', error, ...ended('Failed', { message: messageOf(error), ...words }) }),
  /** Ends as cancelled: neither success nor failure, and not tried again. */
  cancelled: (message?: string): State<never> =>
    asState({ type: 'cancelled', ...ended('Cancelled', message === undefined ? {} : { message }) }),
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
