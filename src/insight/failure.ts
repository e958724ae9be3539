import { fileURLToPath } from 'node:url';
import type { AttemptRow } from '../store/rows.ts';

/** What an attempt failed of. */
export interface Failure {
  readonly type: string;
  /** The whole message. */
  readonly message: string;
  /** In one's own files: `/home/ann/pipelines/etl.ts:37:32`. */
  readonly place: string | null;
  readonly stack: string | null;
  /** What to do about it, where the error says so. */
  readonly fix: string | null;
  /** The connection or variable that somebody has to make. */
  readonly lacks: { readonly kind: 'connection' | 'variable'; readonly name: string } | null;
}

export function failureOf({
  error,
  reason,
  outcome,
}: Pick<AttemptRow, 'error' | 'reason' | 'outcome'>): Failure | null {
  if (error !== null) {
    const { name, message, stack, code, fix, lacks } = JSON.parse(error) as {
      readonly name: string;
      readonly message: string;
      readonly stack: string | null;
      readonly code?: string | null;
      readonly fix?: string;
      readonly lacks?: NonNullable<Failure['lacks']>;
    };
    return { type: code ?? name, message, place: placeIn(stack), stack, fix: fix ?? null, lacks: lacks ?? null };
  }
  if (outcome !== 'failed' && outcome !== 'lost' && outcome !== 'cancelled') return null;
  const [type, message] = REASONS[reason ?? ''] ?? ['Failed', reason ?? outcome];
  return { type, message, place: null, stack: null, fix: null, lacks: null };
}

/** What is said of an attempt that reported no error. */
const REASONS: Readonly<Record<string, readonly [type: string, message: string]>> = {
  timeout: ['Timed out', 'it ran longer than it may'],
  killed: ['Killed', 'its worker process was killed, which the system also does when memory runs out'],
  out_of_memory: ['Out of memory', 'its worker process had no memory left'],
  worker_exited: ['Worker exited', 'its worker process ended under it'],
  server_lost: ['Server lost', 'the server ended before it was done'],
  cancelled: ['Cancelled', 'somebody stopped it'],
  run_timeout: ['Run timed out', 'its run took longer than it may'],
  fail_fast: ['Stopped', 'another task of the run failed'],
  marked: ['Marked by hand', 'somebody said how it ended'],
};

/** Where Millrace itself is. */
const OWN = fileURLToPath(new URL('../', import.meta.url));

/** The first frame that is no library's. */
function placeIn(stack: string | null): string | null {
  for (const line of stack?.split('\n') ?? []) {
    const match = /\(?((?:file:\/\/)?[^\s()]+\.[cm]?[jt]sx?:\d+:\d+)\)?$/.exec(line.trim());
    const place = match?.[1]?.replace(/^file:\/\//, '');
    if (place && !/node_modules|node:/.test(place) && !place.startsWith(OWN)) return place;
  }
  return null;
}

/** Where it is in its project, for sentences: the file and the folder that it lies in. */
export const shortPlace = (place: string): string => place.split('/').slice(-2).join('/');

/** The same for errors with one cause: type, message without numbers, place without line. */
export function fingerprint({ type, message, place }: Pick<Failure, 'type' | 'message' | 'place'>): string {
  const [line = ''] = message.split('\n');
  return `${type} ${line.replace(/\d+/g, '#')} ${place?.replace(/:\d+:\d+$/, '') ?? ''}`;
}

/** `HttpError: 503 Service Unavailable`, in one line. */
export function failureLine({ type, message }: Pick<Failure, 'type' | 'message'>): string {
  const [line = ''] = message.split('\n');
  return line === '' ? type : type === 'Error' ? line : `${type}: ${line}`;
}
