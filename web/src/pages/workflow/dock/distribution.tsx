import type { TimelineRow } from '../../../live/types.ts';
import { about } from '../../../parts/duration.ts';

const WIDTH = 272;
const BASE = 44;
const COLUMNS = 44;
const MOST_IN_COLUMN = 8;

/** How long each instance took: one dot an instance, or a share of them where there are many. */
export function Distribution({ rows }: { readonly rows: readonly TimelineRow[] }) {
  const ended = rows.filter(
    (row): row is TimelineRow & { duration: number } => row.duration !== null && row.end_date !== null,
  );
  if (ended.length < 3) return null;
  const longest = Math.max(...ended.map(({ duration }) => duration), 0.001);
  const columns = Array.from({ length: COLUMNS }, () => ({ ok: 0, bad: 0 }));
  for (const { duration, state } of ended) {
    const column = columns[Math.min(COLUMNS - 1, Math.floor((duration / longest) * COLUMNS))]!;
    if (state === 'failed') column.bad += 1;
    else column.ok += 1;
  }
  const most = Math.max(...columns.map(({ ok, bad }) => ok + bad));
  const each = Math.max(1, most / MOST_IN_COLUMN);
  const sorted = ended.map(({ duration }) => duration).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return (
    <div className="blk">
      <h3>How long each took</h3>
      <svg
        className="dots"
        width={WIDTH}
        height={64}
        role="img"
        aria-label={`${ended.length} finished instances took ${about(sorted[0]!)} to ${about(longest)}, half of them at most ${about(median)}`}
      >
        <line x1={0} x2={WIDTH} y1={BASE + 0.5} y2={BASE + 0.5} />
        {columns.flatMap(({ ok, bad }, n) => {
          const x = 4 + (n * (WIDTH - 8)) / COLUMNS;
          const dots = Math.ceil((ok + bad) / each);
          const bads = Math.ceil(bad / each);
          return Array.from({ length: dots }, (_, dot) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: dots of one column, all alike.
            <circle key={`${n} ${dot}`} className={dot < bads ? 'bad' : 'ok'} cx={x} cy={BASE - 4 - dot * 5} r={2.1} />
          ));
        })}
        <text x={0} y={60}>
          0
        </text>
        <text x={WIDTH} y={60} textAnchor="end">
          {about(longest)}
        </text>
      </svg>
    </div>
  );
}
