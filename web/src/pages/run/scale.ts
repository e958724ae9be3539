/** Where times stand on a track, in percent. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Milliseconds from one tick to the next. */
  readonly step: number;
  /** Long stretches in which nothing happened, drawn short. */
  readonly breaks: readonly Span[];
  /** From 0 to 1. */
  share(at: number): number;
  place(at: number): string;
  width(from: number, to: number): string;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
  10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * 1000);

const MOST_TICKS = 8;
/** Times with milliseconds are long. */
const MOST_FINE_TICKS = 5;
/** Of what is not idle: how wide a break is drawn. */
const BREAK = 0.1;

/** From the first to the last of these times, with a little room behind it; what is idle between them takes little room. */
export function scaleOf(times: readonly number[], breaks: readonly Span[] = []): Scale {
  const from = Math.min(...times);
  const last = Math.max(...times);
  const idle = breaks.reduce((sum, span) => sum + span.to - span.from, 0);
  const busy = Math.max(last - from - idle, 1);
  const to = last + Math.max(busy * 0.06, 2);
  const each = busy * BREAK;
  const drawn = to - from - idle + each * breaks.length;
  /** Milliseconds as they are drawn. */
  const along = (at: number) =>
    breaks.reduce((sum, span) => {
      const inside = Math.min(Math.max(at - span.from, 0), span.to - span.from);
      return sum - inside + (inside / (span.to - span.from)) * each;
    }, at - from);
  const step =
    STEPS.find((size) => drawn / size <= (size < 1000 ? MOST_FINE_TICKS : MOST_TICKS)) ??
    STEPS.at(-1)! * Math.ceil(drawn / STEPS.at(-1)! / MOST_TICKS);
  const share = (at: number) => along(at) / drawn;
  const percent = (part: number) => `${(part * 100).toFixed(3)}%`;
  return {
    from,
    to,
    ticks: ticksOf({ from, to }, step, breaks),
    step,
    breaks,
    share,
    place: (at) => percent(share(at)),
    width: (a, b) => percent(Math.max(0, share(b) - share(a))),
  };
}

/** None in what is drawn short. */
function ticksOf({ from, to }: Span, step: number, breaks: readonly Span[]): readonly number[] {
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; ) {
    const over = breaks.find((span) => at > span.from && at < span.to);
    if (over) at = Math.ceil(over.to / step) * step;
    else {
      ticks.push(at);
      at += step;
    }
  }
  return ticks;
}

/** Of the whole: a stretch that takes less is drawn as long as it was. */
const LEAST_SHARE = 0.5;
const TIMES_LONGER = 10;
const LEAST_MS = 60_000;

/**
 * Stretches in which nothing happened that are longer than ten times what is usual between two things that did (where
 * there is only one, than ten times all that happened), than a minute, and that would take most of the room.
 */
export function idleIn(happened: readonly Span[]): readonly Span[] {
  const sorted = [...happened].sort((a, b) => a.from - b.from);
  const gaps: Span[] = [];
  let end = sorted[0]?.to ?? 0;
  for (const { from, to } of sorted) {
    if (from > end) gaps.push({ from: end, to: from });
    end = Math.max(end, to);
  }
  if (gaps.length === 0) return [];
  const whole = end - sorted[0]!.from;
  const lengths = gaps.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const busy = whole - lengths.reduce((sum, length) => sum + length, 0);
  const usual = lengths.length > 1 ? lengths[Math.floor((lengths.length - 1) / 2)]! : busy;
  return gaps.filter(
    ({ from, to }) => to - from > Math.max(LEAST_MS, TIMES_LONGER * usual) && (to - from) / whole > LEAST_SHARE,
  );
}
