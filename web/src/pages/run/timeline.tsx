import { Link } from '@tanstack/react-router';
import type { Timeline as Answer, TimelineRow } from '../../live/types.ts';
import { about, duration } from '../../parts/duration.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { LongList } from '../../parts/long-list.tsx';
import { useNow } from '../../parts/now.tsx';
import { lookOf, StateGlyph } from '../../parts/state.tsx';
import { clockTime, clockTimeWithSeconds } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import { idleIn, type Scale, scaleOf } from './scale.ts';
import { isSame, type Selection } from './selection.ts';
import { TimelineLegend } from './timeline-legend.tsx';
import { Track } from './track.tsx';

interface TimelineProps {
  readonly answer: Answer;
  readonly selection: Selection | undefined;
  /** Instances of the mapped tasks that are unfolded, by task. */
  readonly instances: ReadonlyMap<string, React.ReactNode>;
  readonly onUnfold: (taskId: string) => void;
  readonly scale: Scale;
}

/** The times that the whole run spans, so that every row stands on one scale. */
export function runScale({ run, rows, gaps }: Answer, now: number): Scale {
  const isLive = run.end_date === null;
  const times = [run.start_date ?? run.queued_at, run.end_date, run.expected_end, ...gaps.map(({ to }) => to)]
    .concat(
      rows.flatMap(({ queued_at, start_date, end_date, expected, next_try }) => [
        isLive ? next_try : null,
        queued_at,
        start_date,
        end_date,
        expected?.end ?? null,
      ]),
    )
    .filter((time) => time !== null)
    .map((time) => Date.parse(time));
  const happened = rows
    .flatMap(({ attempts, expected, next_try: next }) => [
      ...attempts.map(({ start_date: start, end_date: end }) => [start, end ?? new Date(now).toISOString()]),
      ...(expected ? [[expected.start, expected.end]] : []),
      ...(next ? [[next, next]] : []),
    ])
    .map(([from, to]) => ({ from: Date.parse(from!), to: Date.parse(to!) }))
    .concat(isLive ? [{ from: now, to: now }] : []);
  // What was queued before the run began anew is another story.
  return scaleOf(isLive ? [...times, now] : times, idleIn(happened));
}

export function Timeline({ answer, selection, instances, onUnfold, scale }: TimelineProps) {
  const isFlow = answer.run.kind === 'flow';
  const now = useNow();
  const isLive = answer.run.end_date === null;
  return (
    <section className="sec timeline-sec" aria-labelledby="h-tl">
      <div className="sh">
        <h2 id="h-tl">{isFlow ? 'Steps' : 'Timeline'}</h2>
        <div className="end">
          <TimelineLegend isFlow={isFlow} hasGaps={answer.gaps.length > 0} />
        </div>
      </div>
      <div className="tl">
        <Axis scale={scale} isFlow={isFlow} now={isLive ? now : undefined} />
        <LongList
          count={answer.rows.length}
          rowHeight={28}
          keyOf={(index) => `${answer.rows[index]!.task_id} ${answer.rows[index]!.map_index}`}
        >
          {(index) => {
            const row = answer.rows[index]!;
            return (
              <>
                <Row
                  row={row}
                  scale={scale}
                  run={answer.run.dag_run_id}
                  dagId={answer.run.dag_id}
                  isSelected={isSame(row, selection)}
                  isUnfolded={instances.has(row.task_id)}
                  onUnfold={onUnfold}
                />
                {instances.get(row.task_id)}
              </>
            );
          }}
        </LongList>
        {isFlow && isLive && <WhatComesNext />}
        <div className="over" style={{ '--now': scale.place(now) } as object} aria-hidden="true">
          {isLive && <span className="wet" />}
          {scale.ticks.map((at) => (
            <span key={at} className="v" style={{ '--x': scale.place(at) } as object} />
          ))}
          {scale.breaks.map(({ from, to }) => (
            <span
              key={from}
              className="brk"
              data-t={duration((to - from) / 1000)}
              style={{ '--x': scale.place(from), '--w': scale.width(from, to) } as object}
            />
          ))}
          {answer.gaps.map(({ from, to }) => (
            <span
              key={from}
              className="dead"
              style={
                { '--x': scale.place(Date.parse(from)), '--w': scale.width(Date.parse(from), Date.parse(to)) } as object
              }
            />
          ))}
          {isLive && (
            <div className="now" data-t="now">
              <Glyph name="wheel" />
            </div>
          )}
        </div>
      </div>
    </section>
  );
}

/** Of the track, to either side: the room that a time, and the word beside "now", take. */
const LABEL = 0.075;

interface AxisProps {
  readonly scale: Scale;
  readonly isFlow: boolean;
  readonly now: number | undefined;
}

function Axis({ scale, isFlow, now }: AxisProps) {
  const zone = useZone();
  const write = scale.step < 1000 ? milliseconds : scale.step < 60_000 ? clockTimeWithSeconds : clockTime;
  return (
    <div className="row axis-row">
      <span>{isFlow ? 'Step, in order of first call' : 'Task instance'}</span>
      <span>{isFlow ? 'State, took' : 'State, ran for'}</span>
      <div className="tick">
        {labelled(scale, now).map((at) => (
          <span
            key={at}
            className={scale.share(at) < (scale.step < 1000 ? LABEL : LABEL / 2) ? 'first' : ''}
            style={{ '--x': scale.place(at) } as object}
          >
            {write(new Date(at), zone.name)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Those of the ticks that have a label: what else is written on the axis comes first. */
function labelled({ ticks, breaks, share }: Scale, now: number | undefined): readonly number[] {
  const taken = breaks
    .map(({ from, to }) => (share(from) + share(to)) / 2)
    .concat(now === undefined ? [] : [share(now)]);
  return ticks.filter((at) => share(at) < 1 - LABEL / 2 && taken.every((other) => Math.abs(share(at) - other) > LABEL));
}

const milliseconds = (at: Date, zone: string) =>
  `${clockTimeWithSeconds(at, zone)}.${String(at.getUTCMilliseconds()).padStart(3, '0')}`;

interface RowProps {
  readonly row: TimelineRow;
  readonly scale: Scale;
  readonly dagId: string;
  readonly run: string;
  readonly isSelected: boolean;
  readonly isUnfolded?: boolean;
  readonly onUnfold?: (taskId: string) => void;
  readonly isInstance?: boolean;
}

export function Row({
  row,
  scale,
  dagId,
  run,
  isSelected,
  isUnfolded = false,
  onUnfold,
  isInstance = false,
}: RowProps) {
  const now = useNow();
  const look = lookOf(row.state);
  return (
    <div
      className={['row', isSelected && 'sel', isInstance && 'ind'].filter(Boolean).join(' ')}
      data-task={row.task_id}
      data-map={row.map_index}
    >
      <div className={isInstance ? 'nm ind' : 'nm'}>
        {row.kind === 'mapped' && (
          <button
            type="button"
            className="fold-b"
            aria-expanded={isUnfolded}
            aria-label={`Instances of ${row.label}`}
            onClick={() => onUnfold?.(row.task_id)}
          >
            <Glyph name={isUnfolded ? 'i-down' : 'i-right'} size={12} />
          </button>
        )}
        {row.is_cached ? <Glyph name="i-cache" tone="success" /> : <StateGlyph state={row.state} />}
        <Link
          to="/workflows/$dagId/runs/$runId"
          params={{ dagId, runId: run }}
          search={(was) => ({
            ...was,
            task: row.task_id,
            map: row.map_index >= 0 ? row.map_index : undefined,
            attempt: undefined,
            line: undefined,
          })}
          title={row.instance_name === null ? row.label : `${row.label} ${row.instance_name}`}
          aria-current={isSelected ? 'true' : undefined}
        >
          {row.label}
        </Link>
        {row.instance_name !== null && <span className="q3 sm">{row.instance_name}</span>}
        <Suffix row={row} />
      </div>
      <div className="nf">
        <span className={`st ${look.glyph}`}>{stateText(row)}</span>
        <span>
          {row.duration === null
            ? row.usual === null
              ? ''
              : `usually ${about(row.usual.median)}`
            : duration(liveDuration(row, now))}
        </span>
      </div>
      <Track row={row} scale={scale} now={now} />
    </div>
  );
}

/** Steps that were called more than once are told apart; a mapped task says how many it has. */
function Suffix({ row }: { readonly row: TimelineRow }) {
  if (row.kind === 'mapped' && row.counts)
    return <span className="q3 sm">×{Object.values(row.counts).reduce((sum, n) => sum + n, 0)}</span>;
  if (row.kind === 'step' || row.kind === 'child_flow') return <span className="q3 sm">#{row.map_index + 1}</span>;
  return null;
}

function stateText(row: TimelineRow): string {
  if (row.is_cached) return 'Cached';
  const counts = Object.entries(row.counts ?? {}).filter(([, n]) => n > 0);
  if (row.kind === 'mapped' && counts.length > 1) {
    const { failed = 0, upstream_failed: stopped = 0 } = row.counts ?? {};
    const all = counts.reduce((sum, [, n]) => sum + n, 0);
    return failed + stopped > 0 ? `${failed + stopped} of ${all} failed` : `${row.counts?.success ?? 0} of ${all} done`;
  }
  const current = row.attempts.at(-1)?.try_number ?? 0;
  if (row.max_tries > 1 && (row.state === 'running' || row.state === 'failed') && current > 1)
    return `Attempt ${current} of ${Math.max(current, row.max_tries)}`;
  return lookOf(row.state).word;
}

const liveDuration = (row: TimelineRow, now: number) =>
  row.state === 'running' && row.start_date && row.attempts.length <= 1
    ? (now - Date.parse(row.start_date)) / 1000
    : (row.duration ?? 0);

function WhatComesNext() {
  return (
    <div className="row">
      <div className="nm q3">
        <Glyph name="none" />
        what comes next
      </div>
      <div className="nf">
        <span className="q3">known when it runs</span>
      </div>
      <div className="trk" />
    </div>
  );
}
