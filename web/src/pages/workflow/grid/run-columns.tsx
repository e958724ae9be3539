import type { Grid } from '../../../live/types.ts';
import { about, duration } from '../../../parts/duration.ts';
import { lookOf, StateGlyph } from '../../../parts/state.tsx';
import { clockTime, dayOf } from '../../../parts/time.tsx';

type Run = Grid['runs'][number];

const MOST = 60;
const BARS: Readonly<Record<Run['state'], string>> = {
  success: '',
  failed: 'bad up',
  running: 'live up',
  queued: 'wait up',
  cancelled: 'wait up',
};

/** `10 Mar`, with the time where a day has more than one run. */
export function runLabels(runs: readonly Run[], zone: string): readonly string[] {
  const days = runs.map((run) => dayOf(new Date(run.logical_date ?? run.run_after), zone));
  return runs.map((run, n) => {
    const isAlone = days.indexOf(days[n]!) === n && days.lastIndexOf(days[n]!) === n;
    return isAlone ? days[n]! : `${days[n]} ${clockTime(new Date(run.logical_date ?? run.run_after), zone)}`;
  });
}

interface HeadProps {
  readonly grid: Grid;
  readonly labels: readonly string[];
  readonly selected: number;
}

/** The runs themselves: height is duration. */
export function RunHeads({ grid, labels, selected }: HeadProps) {
  const longest = Math.max(...grid.runs.map(({ duration: seconds }) => seconds ?? 0), 0.001);
  return (
    <thead>
      <tr>
        <th className="lab" scope="col">
          <span className="q3">Run duration</span>
          <br />
          <span className="q2">
            at most {about(longest)}
            {grid.usual && `, usually ${about(grid.usual.median)}`}
          </span>
        </th>
        {grid.runs.map((run, n) => {
          const isPlain = run.state === 'success';
          const room = isPlain ? MOST : MOST - 17;
          const height =
            run.state === 'queued' || run.state === 'cancelled'
              ? 12
              : Math.max(2, Math.round(((run.duration ?? 0) / longest) * room));
          const name = `Run ${labels[n]}: ${lookOf(run.state).word.toLowerCase()}${run.duration === null ? '' : `, ${duration(run.duration)}`}`;
          return (
            <td key={run.dag_run_id} className={n === selected ? 'c col' : 'c'}>
              <button
                type="button"
                tabIndex={-1}
                aria-label={name}
                title={`${name}\n${run.dag_run_id}`}
                data-row={-1}
                data-column={n}
              >
                <s className={BARS[run.state]} style={{ '--h': `${height}px` } as object} />
                {!isPlain && <StateGlyph state={run.state} />}
              </button>
            </td>
          );
        })}
      </tr>
    </thead>
  );
}
