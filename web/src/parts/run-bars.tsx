import { Fragment } from 'react';
import type { RunSummary } from '../live/types.ts';
import { many } from './many.ts';
import { lookOf } from './state.tsx';

const BAR = 9;
const BASE = 20;
const COUNT = 18;

const CLASSES: Readonly<Record<RunSummary['state'], string>> = {
  success: 'ok',
  failed: 'bad',
  running: 'live',
  queued: 'wait',
  cancelled: 'off',
};

/** The latest runs, newest right: height is duration on a scale of this row's own; what is no success has its glyph below. */
export function RunBars({ name, runs }: { readonly name: string; readonly runs: readonly RunSummary[] }) {
  const shown = runs.slice(-COUNT);
  const longest = Math.max(...shown.map(({ duration }) => duration ?? 0), 0.001);
  const failed = shown.filter(({ state }) => state === 'failed').length;
  const latest = shown.at(-1);
  const label = latest
    ? `${name}, last ${many(shown.length, 'run')}, newest last: ${failed} failed, latest ${lookOf(latest.state).word.toLowerCase()}`
    : `${name} has not run yet`;
  const first = COUNT - shown.length;
  return (
    <svg className="runs" width={COUNT * BAR} height={31} role="img" aria-label={label}>
      <line className="base" x1={0} x2={COUNT * BAR} y1={BASE + 0.5} y2={BASE + 0.5} />
      {shown.map((run, n) => {
        const x = (first + n) * BAR;
        return (
          <Fragment key={run.dag_run_id}>
            <Bar run={run} x={x} longest={longest} />
            {run.state !== 'success' && (
              <use
                href={`#${lookOf(run.state).glyph}`}
                className={lookOf(run.state).glyph}
                x={x}
                y={22}
                width={9}
                height={9}
              />
            )}
          </Fragment>
        );
      })}
    </svg>
  );
}

function Bar({ run, x, longest }: { readonly run: RunSummary; readonly x: number; readonly longest: number }) {
  const isOutline = run.state === 'queued' || run.state === 'cancelled';
  const height = isOutline ? 4 : Math.max(3, Math.round(((run.duration ?? 0) / longest) * BASE));
  const inset = isOutline ? 0.5 : 0;
  return (
    <rect
      className={CLASSES[run.state]}
      x={x + 1.5 + inset}
      y={BASE - height + inset}
      width={6 - 2 * inset}
      height={height - inset}
      rx={1}
    />
  );
}
