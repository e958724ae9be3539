/** Where times stand on a track, in percent. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  place(at: number): string;
  width(from: number, to: number): string;
}

const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
  10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * 1000);

const MOST_TICKS = 8;

/** From the first to the last of these times, with a little room behind it. */
export function scaleOf(times: readonly number[]): Scale {
  const from = Math.min(...times);
  const last = Math.max(...times);
  const to = last + Math.max((last - from) * 0.06, 2);
  const step =
    STEPS.find((size) => (to - from) / size <= MOST_TICKS) ??
    STEPS.at(-1)! * Math.ceil((to - from) / STEPS.at(-1)! / MOST_TICKS);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  const part = (ms: number) => `${((ms / (to - from)) * 100).toFixed(3)}%`;
  return { from, to, ticks, place: (at) => part(at - from), width: (a, b) => part(Math.max(0, b - a)) };
}
