import type { BackfillPreview } from '../../live/types.ts';
import { many } from '../../parts/many.ts';
import { clockTime, clockTimeWithSeconds, dayOf } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';

const LANE = 22;
const SHOWN = 10;
/** Shorter spans have seconds on their axis. */
const SHORT = 5 * 60_000;

interface LanesProps {
  readonly preview: BackfillPreview;
  readonly isNewestFirst: boolean;
  readonly atOnce: number;
}

/** What runs when, one lane a place, after what is usual. */
export function Lanes({ preview: { lanes }, isNewestFirst, atOnce }: LanesProps) {
  const zone = useZone();
  const bars = lanes.flat();
  if (bars.length === 0) return null;
  const from = Math.min(...bars.map(({ start }) => Date.parse(start)));
  const to = Math.max(...bars.map(({ end }) => Date.parse(end)));
  const part = (ms: number) => `${((ms / (to - from)) * 100).toFixed(2)}%`;
  const shown = lanes.slice(0, SHOWN);
  const clock = (at: number) =>
    to - from < SHORT ? clockTimeWithSeconds(new Date(at), zone.name) : clockTime(new Date(at), zone.name);
  const height = shown.length * LANE + 26;
  return (
    <>
      <div className="sh lanes-head">
        <h2>Order</h2>
        <span className="q3 sm">
          {isNewestFirst ? 'newest' : 'oldest'} first, {Math.min(atOnce, bars.length)} at once
          {lanes.length > SHOWN && `, ${SHOWN} of ${lanes.length} places shown`}
        </span>
      </div>
      <svg
        className="lanes"
        width="100%"
        height={height}
        role="img"
        aria-label={`${many(bars.length, 'run')} from ${clock(from)} to about ${clock(to)} ${zone.label}`}
      >
        {shown.map((lane, n) =>
          lane.map(({ logical_date: date, start, end }) => {
            const x = part(Date.parse(start) - from);
            const isWide = (Date.parse(end) - Date.parse(start)) / (to - from) > 0.06;
            return (
              <g key={date}>
                <rect
                  x={x}
                  y={n * LANE + 4}
                  width={part((Date.parse(end) - Date.parse(start)) * 0.985)}
                  height={18}
                  rx={2}
                >
                  <title>{dayOf(new Date(date), zone.name)}</title>
                </rect>
                {isWide && (
                  <text x={x} dx={8} y={n * LANE + 17}>
                    {dayOf(new Date(date), zone.name)}
                  </text>
                )}
              </g>
            );
          }),
        )}
        <line x1="0" x2="100%" y1={height - 19} y2={height - 19} />
        {[0, 0.25, 0.5, 0.75, 1].map((at) => (
          <text key={at} className="tick" x={`${at * 100}%`} y={height - 5} textAnchor={at === 1 ? 'end' : 'start'}>
            {clock(from + (to - from) * at)}
          </text>
        ))}
      </svg>
    </>
  );
}
