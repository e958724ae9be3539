import type { Grid } from '../../../live/types.ts';
import { Glyph } from '../../../parts/glyph.tsx';
import { clockTime, dayOf, weekday } from '../../../parts/time.tsx';

type Run = Grid['runs'][number];

interface DaysProps {
  readonly grid: Grid;
  readonly zone: { readonly name: string; readonly label: string };
  readonly selected: number;
}

const dateOf = (run: Run) => new Date(run.logical_date ?? run.run_after);

/** Below the grid: days of the month, Mondays stand out. Where days have several runs: their times, and the days below. */
export function Days({ grid: { runs }, zone, selected }: DaysProps) {
  const days = runs.map((run) => dayOf(dateOf(run), zone.name));
  return areSeveralADay(runs, days) ? (
    <>
      <Times runs={runs} zone={zone} selected={selected} />
      <tr className="days day-names">
        <th scope="row">
          <span className="vh">Day</span>
        </th>
        {runs.map((run, n) => (
          <td key={run.dag_run_id} className={classes(n === selected)}>
            {(days[n] !== days[n - 1] || isAtEnd(days, n)) && <span>{days[n]}</span>}
          </td>
        ))}
      </tr>
    </>
  ) : (
    <tr className="days">
      <th scope="row">Logical date, {zone.label}</th>
      {runs.map((run, n) => (
        <td key={run.dag_run_id} className={classes(n === selected, isMonday(run, zone.name))}>
          {run.run_type === 'manual' ? (
            <span title={`By hand, ${days[n]} ${clockTime(dateOf(run), zone.name)} ${zone.label}`}>
              <Glyph name="i-play" size={12} />
              <span className="vh">by hand</span>
            </span>
          ) : (
            Number.parseInt(days[n]!, 10)
          )}
        </td>
      ))}
    </tr>
  );
}

/** A long day is named at its end, too: where one looks. */
const isAtEnd = (days: readonly string[], n: number) => n === days.length - 1 && days[n] === days[n - FAR];
const FAR = 6;

function Times({ runs, zone, selected }: Pick<DaysProps, 'zone' | 'selected'> & { readonly runs: readonly Run[] }) {
  return (
    <tr className="days times">
      <th scope="row">Logical date, {zone.label}</th>
      {runs.map((run, n) => (
        <td key={run.dag_run_id} className={classes(n === selected)}>
          {(runs.length - 1 - n) % 2 === 0 && <span>{clockTime(dateOf(run), zone.name)}</span>}
        </td>
      ))}
    </tr>
  );
}

/** What is run by hand now and then, beside a schedule, does not count. */
function areSeveralADay(runs: readonly Run[], days: readonly string[]): boolean {
  const isByHand = ({ run_type: type }: Run) => type === 'manual';
  const counted = days.filter((_, n) => runs.every(isByHand) || !isByHand(runs[n]!));
  return new Set(counted).size < counted.length;
}

const isMonday = (run: Run, zone: string) => run.run_type !== 'manual' && weekday(dateOf(run), zone) === 'Mon';

const classes = (isSelected: boolean, isMarked = false) =>
  ['c', isMarked && 'mon', isSelected && 'col'].filter(Boolean).join(' ');
