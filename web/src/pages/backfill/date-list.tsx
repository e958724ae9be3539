import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { BackfillPreview } from '../../live/types.ts';
import { moment } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import { Was, Will, willRun } from './preview-day.tsx';

const ROW = 30;

/** Every date of the span, however many there are. */
export function DateList({ preview: { dates } }: { readonly preview: BackfillPreview }) {
  const zone = useZone();
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: dates.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  return (
    <section className="dates" ref={box} tabIndex={0} aria-label="Dates">
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const date = dates[item.index]!;
          return (
            <li
              key={date.logical_date}
              className={willRun(date) ? 'go' : ''}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <span>
                {moment(new Date(date.logical_date), zone.name)} {zone.label}
              </span>
              <Was date={date} />
              <Will date={date} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
