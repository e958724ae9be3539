import { isReached, type Measurement } from './row.ts';

const COLUMNS = [27, 12, 12, 7, 14, 0] as const;

function line(cells: readonly string[]): string {
  return cells
    .map((cell, column) =>
      column === 0 || column === 5 ? cell.padEnd(COLUMNS[column]!) : cell.padStart(COLUMNS[column]!),
    )
    .join('  ')
    .trimEnd();
}

export const tableHead = line(['', 'measured', 'floor', 'ratio', 'goal', 'how']);

export function tableLine(measurement: Measurement): string {
  const { name, value, unit, floor, goal, note } = measurement;
  const ratio = floor === null || floor === 0 ? '' : (unit === 'per s' ? floor / value : value / floor).toFixed(1);
  const wanted = goal ? `${goal.bound === 'at most' ? '<=' : '>='} ${figure(goal.value)} ${unit}` : '';
  const mark = isReached(measurement) ? '' : ' (missed)';
  const measured = `${figure(value)} ${unit}`;
  return line([name, measured, floor === null ? '' : `${figure(floor)} ${unit}`, ratio, wanted, `${note}${mark}`]);
}

function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
