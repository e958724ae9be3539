import { formatDuration } from '../model/duration.ts';

/** Times as people read them: UTC, to the second. */
export function instant(at: number): string {
  return new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

export function instantOrNothing(at: number | null | undefined): string {
  return at === null || at === undefined ? '' : instant(at);
}

/** For JSON. */
export function iso(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}

/** Time of the day, to the millisecond. */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

export function took(from: number | null, to: number | null): string {
  return from === null || to === null ? '' : formatDuration(Math.max(0, to - from));
}
