import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

/** Up to so many stand there whole: a reader, and the browser's search, finds all of them. */
const WHOLE = 100;

interface LongListProps {
  readonly count: number;
  /** Pixels of a row, before it has been drawn. */
  readonly rowHeight: number;
  readonly keyOf: (index: number) => string;
  readonly children: (index: number) => ReactNode;
}

/** Rows one below the other in the page; of many those alone are drawn that are on the screen, or near it. */
export function LongList(props: LongListProps) {
  const { count, keyOf, children } = props;
  if (count > WHOLE) return <SeenOnly {...props} />;
  return Array.from({ length: count }, (_, index) => <div key={keyOf(index)}>{children(index)}</div>);
}

function SeenOnly({ count, rowHeight, keyOf, children }: LongListProps) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // What stands above it may grow and shrink.
  useLayoutEffect(() => {
    if (list.current) setTop(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
  });
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 15,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const before = (items[0]?.start ?? top) - top;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? top) - top);
  return (
    <div ref={list}>
      {before > 0 && <div style={{ height: before }} />}
      {items.map(({ index, key }) => (
        <div key={String(key)} data-index={index} ref={virtual.measureElement}>
          {children(index)}
        </div>
      ))}
      {after > 0 && <div style={{ height: after }} />}
    </div>
  );
}
