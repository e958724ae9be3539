import type { TimelineRow } from '../../../live/types.ts';
import { about } from '../../../parts/duration.ts';
import { many } from '../../../parts/many.ts';
import { useNow } from '../../../parts/now.tsx';

const WIDTH = 272;
const BASE = 44;
const COLUMNS = 44;
const MOST_IN_COLUMN = 8;
/** What runs still and has by far outlasted all that ended stands at the edge: those would not be told apart. */
const OUTLASTED = 4;
const GLYPHS = 6;

/** How long each instance took: one dot an instance, or a share of them where there are many; what runs has its glyph. */
export function Distribution({ rows }: { readonly rows: readonly TimelineRow[] }) {
  const now = useNow();
  const ended = rows.filter(
    (row): row is TimelineRow & { duration: number } => row.duration !== null && row.end_date !== null,
  );
  if (ended.length < 3) return null;
  const running = rows.flatMap(({ state, start_date: start, map_index: index }) =>
    state === 'running' && start !== null ? [{ index, seconds: (now - Date.parse(start)) / 1000 }] : [],
  );
  const lasted = running.map(({ seconds }) => seconds);
  const longestEnded = Math.max(...ended.map(({ duration }) => duration), 0.001);
  const longest = Math.max(longestEnded, ...lasted.filter((seconds) => seconds < longestEnded * OUTLASTED));
  const columns = columnsOf(ended, longest);
  const each = Math.max(1, Math.max(...columns.map(({ ok, bad }) => ok + bad)) / MOST_IN_COLUMN);
  const sorted = ended.map(({ duration }) => duration).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const name = [
    `${many(ended.length, 'finished instance')} took ${about(sorted[0]!)} to ${about(longestEnded)}, half of them at most ${about(median)}`,
    running.length > 0 && `${many(running.length, 'more runs', 'more run')} for at most ${about(Math.max(...lasted))}`,
  ];
  const at = (seconds: number) => 4 + Math.min(1, seconds / longest) * (WIDTH - 16);
  return (
    <div className="blk">
      <h3>How long each took</h3>
      <svg className="dots" width={WIDTH} height={64} role="img" aria-label={name.filter(Boolean).join('; ')}>
        <line x1={0} x2={WIDTH} y1={BASE + 0.5} y2={BASE + 0.5} />
        {columns.flatMap(({ ok, bad }, n) => {
          const x = 4 + (n * (WIDTH - 16)) / COLUMNS;
          const dots = Math.ceil((ok + bad) / each);
          const bads = Math.ceil(bad / each);
          return Array.from({ length: dots }, (_, dot) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: dots of one column, all alike.
            <circle key={`${n} ${dot}`} className={dot < bads ? 'bad' : 'ok'} cx={x} cy={BASE - 4 - dot * 5} r={2.1} />
          ));
        })}
        {running.slice(0, GLYPHS).map(({ index, seconds }, n) => (
          <use
            key={index}
            href="#running"
            className="running"
            x={at(seconds) - 5}
            y={BASE - 11 - n * 11}
            width={10}
            height={10}
          />
        ))}
        <text x={0} y={60}>
          0
        </text>
        <text x={(WIDTH - 8) / 2} y={60} textAnchor="middle">
          {about(longest / 2)}
        </text>
        <text x={WIDTH} y={60} textAnchor="end">
          {about(longest)}
        </text>
      </svg>
    </div>
  );
}

function columnsOf(ended: readonly (TimelineRow & { readonly duration: number })[], longest: number) {
  const columns = Array.from({ length: COLUMNS }, () => ({ ok: 0, bad: 0 }));
  for (const { duration, state } of ended) {
    const column = columns[Math.min(COLUMNS - 1, Math.floor((duration / longest) * COLUMNS))]!;
    if (state === 'failed') column.bad += 1;
    else column.ok += 1;
  }
  return columns;
}
