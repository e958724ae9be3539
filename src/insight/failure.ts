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
}

export function failureOf({
  error,
  reason,
  outcome,
}: Pick<AttemptRow, 'error' | 'reason' | 'outcome'>): Failure | null {
  if (error !== null) {
    const { name, message, stack } = JSON.parse(error) as {
      readonly name: string;
      readonly message: string;
      readonly stack: string | null;
    };
    return { type: name, message, place: placeIn(stack), stack };
  }
  if (outcome !== 'failed' && outcome !== 'lost' && outcome !== 'cancelled') return null;
  return { type: REASONS[reason ?? ''] ?? 'Failed', message: reason ?? outcome, place: null, stack: null };
}

const REASONS: Readonly<Record<string, string>> = {
  timeout: 'Timed out',
  killed: 'Killed',
  out_of_memory: 'Out of memory',
  worker_exited: 'Worker exited',
  server_lost: 'Server lost',
  cancelled: 'Cancelled',
  run_timeout: 'Run timed out',
  fail_fast: 'Stopped by another failure',
  marked: 'Marked by hand',
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
export function fingerprint({ type, message, place }: Failure): string {
  const [line = ''] = message.split('\n');
  return `${type} ${line.replace(/\d+/g, '#')} ${place?.replace(/:\d+:\d+$/, '') ?? ''}`;
}

/** `HttpError: 503 Service Unavailable`, in one line. */
export function failureLine({ type, message }: Failure): string {
  const [line = ''] = message.split('\n');
  return line === '' ? type : type === 'Error' ? line : `${type}: ${line}`;
}
