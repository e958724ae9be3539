import { MillraceError } from '../model/errors.ts';

/** A length of time: seconds, or text such as `500ms`, `30s`, `5m`, `1h`. */
export type TimeoutInput = number | `${number}${'ms' | 's' | 'm' | 'h'}`;

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** The length in milliseconds, rounded up to a whole one. Throws `invalid_duration` for what is not positive. */
export function timeoutMs(timeout: TimeoutInput): number {
  const match = typeof timeout === 'number' ? undefined : /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(timeout);
  const ms = typeof timeout === 'number' ? timeout * 1000 : Number(match?.[1]) * UNIT_MS[(match?.[2] ?? 's') as 's'];
  if (Number.isFinite(ms) && ms > 0) return Math.ceil(ms);
  throw new MillraceError('invalid_duration', `${JSON.stringify(timeout)} is not a time-out`, {
    fix: "Write seconds as a number, or text such as '500ms', '30s', '5m'.",
  });
}
