import { useNavigate } from '@tanstack/react-router';
import type { Activity } from '../../live/types.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { useNow } from '../../parts/now.tsx';
import { clockTime, dayOf, weekday } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';

/** Pixels above the line, and below it. */
const ABOVE = 48;
const BELOW = 18;
/** A run is no higher than so many: few runs are not drawn as if they were a rush. */
const MOST_A_RUN = 6;

/** 24 hours in quarter hours: succeeded above the line, running on top, failed below it, due as outlines. */
export function Ribbon({ activity }: { readonly activity: Activity }) {
  const zone = useZone();
  const now = useNow();
  const { bins, next } = activity;
  const from = Date.parse(activity.from);
  const to = Date.parse(activity.to);
  const place = (at: number) => `${(((at - from) / (to - from)) * 100).toFixed(2)}%`;
  const most = Math.max(1, ...bins.map(({ succeeded, running, due }) => Math.max(succeeded + running, due)));
  const worst = Math.max(1, ...bins.map(({ failed }) => failed));
  const unit = Math.min(MOST_A_RUN, ABOVE / most);
  const bad = Math.min(MOST_A_RUN, BELOW / worst);
  return (
    <section className="sec ribbon-sec" aria-labelledby="h-rib">
      <div className="sh">
        <h2 id="h-rib">24 hours</h2>
        <Legend />
        <div className="end q3 xs">
          runs per quarter hour
          {next && `; next: ${next.dag_id} ${clockTime(new Date(next.run_after), zone.name)} ${zone.label}`}
        </div>
      </div>
      <div className="ribbon" style={{ '--now': place(now) } as object}>
        <p className="vh">{summary(activity)}</p>
        <div className="wet" />
        <div className="dry" />
        <div className="bins">
          {bins.map((bin) => (
            <Bin key={bin.start} bin={bin} minutes={activity.bin_minutes} unit={unit} bad={bad} />
          ))}
        </div>
        <div className="now" data-t={`now ${clockTime(new Date(now), zone.name)}`}>
          <Glyph name="wheel" />
        </div>
        <Axis from={from} to={to} />
      </div>
    </section>
  );
}

function summary({ bins }: Activity): string {
  const sum = (name: 'succeeded' | 'failed' | 'running' | 'due') => bins.reduce((total, bin) => total + bin[name], 0);
  return `Runs per quarter hour: ${sum('succeeded')} succeeded, ${sum('failed')} failed, ${sum('running')} running, ${sum('due')} due.`;
}

function Legend() {
  return (
    <div className="legend">
      <span>
        <i className="k-ok" />
        succeeded
      </span>
      <span>
        <i className="k-bad" />
        failed, below the line
      </span>
      <span>
        <i className="k-run" />
        running
      </span>
      <span>
        <i className="k-due" />
        due
      </span>
    </div>
  );
}

interface BinProps {
  readonly bin: Activity['bins'][number];
  readonly minutes: number;
  /** Pixels a run above the line, and below it. */
  readonly unit: number;
  readonly bad: number;
}

/** Opens the runs of its quarter hour. It is seen, not tabbed to: the runs are a link away in the totals. */
function Bin({ bin, minutes, unit, bad }: BinProps) {
  const zone = useZone();
  const navigate = useNavigate();
  const start = new Date(bin.start);
  const words = (['succeeded', 'running', 'failed', 'due'] as const)
    .filter((name) => bin[name] > 0)
    .map((name) => `${bin[name]} ${name}`);
  const ok = bin.succeeded * unit;
  const to = new Date(start.getTime() + minutes * 60_000).toISOString();
  const open = () => void navigate({ to: '/runs', search: { from: bin.start, to } });
  return (
    <i
      title={`${clockTime(start, zone.name)} ${zone.label}: ${words.join(', ') || 'nothing'}`}
      style={{ '--o': `${ok}px` } as object}
      onClick={open}
    >
      {bin.succeeded > 0 && <Bar height={ok} />}
      {bin.running > 0 && <Bar kind="run" height={bin.running * unit} />}
      {bin.due > 0 && <Bar kind="plan" height={bin.due * unit} />}
      {bin.failed > 0 && <Bar kind="bad" height={bin.failed * bad} />}
    </i>
  );
}

function Bar({ kind, height }: { readonly kind?: string; readonly height: number }) {
  return <u {...(kind ? { className: kind } : {})} style={{ '--h': `${Math.max(2, height)}px` } as object} />;
}

const TWO_HOURS = 2 * 3_600_000;

function Axis({ from, to }: { readonly from: number; readonly to: number }) {
  const zone = useZone();
  const ticks: number[] = [];
  for (let at = Math.ceil(from / TWO_HOURS) * TWO_HOURS; at < to; at += TWO_HOURS) ticks.push(at);
  return (
    <div className="axis" aria-hidden="true">
      {ticks.map((at) => {
        const date = new Date(at);
        const share = (at - from) / (to - from);
        const time = clockTime(date, zone.name);
        const label = time === '00:00' ? `${weekday(date, zone.name)} ${dayOf(date, zone.name)}` : time;
        return (
          <span key={at} className={share < 0.03 ? 'first' : ''} style={{ left: `${(share * 100).toFixed(2)}%` }}>
            {label}
          </span>
        );
      })}
    </div>
  );
}
