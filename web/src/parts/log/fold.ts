import type { LogLine, LogLines } from '../../live/types.ts';

type Attempt = LogLines['attempts'][number];

/** What the log shows, one after the other. */
export type Entry =
  | { readonly kind: 'cut'; readonly key: string; readonly attempt: Attempt }
  | { readonly kind: 'line'; readonly key: string; readonly line: LogLine }
  | { readonly kind: 'fold'; readonly key: string; readonly lines: readonly LogLine[] };

const LEAST_TO_FOLD = 3;

/** Lines are alike when only their numbers differ. */
const shape = ({ level, text }: LogLine) => `${level} ${text.replace(/\d[\d.,:]*/g, '#')}`;

/** Lines with the cuts between attempts; three or more like lines in a row fold into one, save warnings and errors. */
export function entriesOf(
  lines: readonly LogLine[],
  attempts: readonly Attempt[],
  unfolded: ReadonlySet<number>,
): readonly Entry[] {
  const entries: Entry[] = [];
  const starts = new Map(attempts.map((attempt) => [attempt.first, attempt]));
  for (let n = 0; n < lines.length; ) {
    const line = lines[n]!;
    const attempt = starts.get(line.n);
    if (attempt) entries.push({ kind: 'cut', key: `cut ${attempt.try_number} ${line.n}`, attempt });
    const all = alikeFrom(lines, n, starts);
    // The last line is always seen: it is what one waits for.
    const alike = n + all === lines.length ? Math.max(1, all - 1) : all;
    if (alike >= LEAST_TO_FOLD && !unfolded.has(line.n)) {
      entries.push({ kind: 'fold', key: `fold ${line.n}`, lines: lines.slice(n, n + alike) });
    } else {
      for (const each of lines.slice(n, n + alike)) entries.push({ kind: 'line', key: `${each.n}`, line: each });
    }
    n += alike;
  }
  return entries;
}

function alikeFrom(lines: readonly LogLine[], n: number, starts: ReadonlyMap<number, unknown>): number {
  const first = lines[n]!;
  if (first.level === 'warn' || first.level === 'error') return 1;
  const wanted = shape(first);
  let count = 1;
  for (let at = n + 1; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (starts.has(line.n) || shape(line) !== wanted) break;
    count += 1;
  }
  return count;
}
