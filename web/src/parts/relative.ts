import { about } from './duration.ts';

const exact = (seconds: number) => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return about(whole);
};

/** `23 min ago`, of milliseconds since the epoch. */
export const ago = (at: number, now: number): string => `${exact((now - at) / 1000)} ago`;

/** `in 23 h 21 min`; `due` when it is past. */
export const until = (at: number, now: number): string => (at <= now ? 'due' : `in ${exact((at - now) / 1000)}`);

/** `9 min`. */
export const since = (at: number, now: number): string => exact((now - at) / 1000);
