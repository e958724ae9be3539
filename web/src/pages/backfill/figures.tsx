import type { ReactNode } from 'react';
import type { BackfillPreview } from '../../live/types.ts';
import { about, duration } from '../../parts/duration.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { many } from '../../parts/many.ts';
import { useNow } from '../../parts/now.tsx';
import { until } from '../../parts/relative.ts';
import { clockTime, dayOf } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';

interface FiguresProps {
  readonly preview: BackfillPreview;
  readonly atOnce: number;
}

/** Runs, work, end and room: what a backfill costs, before it is made. */
export function Figures({ preview, atOnce }: FiguresProps) {
  const zone = useZone();
  const now = useNow();
  const { will_run: runs, run_seconds: each, work_seconds: work, ends_about: ends } = preview;
  const pool = preview.warnings.find(({ kind }) => kind === 'pool');
  const parts = [
    preview.new > 0 && `${preview.new} new`,
    preview.cleared > 0 && `${preview.cleared} cleared and run again`,
  ].filter(Boolean);
  const isToday = ends !== null && dayOf(new Date(ends), zone.name) === dayOf(new Date(now), zone.name);
  return (
    <dl className="est">
      <Figure name="Will run" value={`${runs.toLocaleString('en')} of ${many(preview.dates_total, 'date')}`}>
        {parts.join(', ') || 'nothing to do'}
      </Figure>
      <Figure name="Work" value={work === null ? 'not known' : duration(work)}>
        {each === null
          ? 'it has not succeeded often enough'
          : `${many(runs, 'run')} of ${about(each)}, ${many(preview.task_instances, 'task instance')}`}
      </Figure>
      <Figure
        name="Ends about"
        value={
          ends === null
            ? 'not known'
            : `${isToday ? '' : `${dayOf(new Date(ends), zone.name)} `}${clockTime(new Date(ends), zone.name)} ${zone.label}`
        }
      >
        {ends === null ? '' : `${Date.parse(ends) <= now ? 'in a moment' : until(Date.parse(ends), now)}, `}
        {many(Math.min(atOnce, runs), 'run')} at once
      </Figure>
      <Figure name="Pools" value={pool ? 'full' : 'have room'}>
        {pool ? (
          <span className="st late">
            <Glyph name="i-late" tone="late" />
            it waits
          </span>
        ) : (
          'nothing waits for a slot'
        )}
      </Figure>
    </dl>
  );
}

function Figure({
  name,
  value,
  children,
}: {
  readonly name: string;
  readonly value: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd>{children}</dd>
    </div>
  );
}
