import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { LogLine, LogLines } from '../../live/types.ts';
import { duration } from '../duration.ts';
import { clockTimeWithSeconds } from '../time.tsx';
import { useZone } from '../zone.tsx';
import { type Entry, entriesOf } from './fold.ts';

interface LogViewProps {
  readonly name: string;
  readonly lines: readonly LogLine[];
  readonly attempts: LogLines['attempts'];
  readonly hasBefore: boolean;
  readonly onBefore: () => void;
  readonly hasAfter: boolean;
  readonly onAfter: () => void;
  /** The line that is shown first and marked; undefined: the end. */
  readonly line: number | undefined;
  readonly find: string | undefined;
  readonly isWrapped: boolean;
  /** Whether the end is kept in sight: until somebody scrolls up, and again from the end on. */
  readonly follows: boolean;
  readonly onFollows: (follows: boolean) => void;
  /** Whether lines can still come. */
  readonly isLive: boolean;
  readonly isDocked?: boolean;
}

const LINE = 19;
/** So long after a hand moved it, a log scrolls because of it. */
const WISH_MS = 1_000;

/** Lines of a log as text, the end first. */
export function LogView({
  name,
  lines,
  attempts,
  hasBefore,
  onBefore,
  hasAfter,
  onAfter,
  line,
  find,
  isWrapped,
  follows,
  onFollows,
  isLive,
  isDocked = false,
}: LogViewProps) {
  const box = useRef<HTMLElement>(null);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const entries = useMemo(() => entriesOf(lines, attempts, unfolded), [lines, attempts, unfolded]);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: (n) => (entries[n]?.kind === 'cut' ? 29 : LINE),
    getItemKey: (n) => entries[n]?.key ?? n,
    overscan: 20,
  });
  const last = lines.at(-1)?.n;
  const seen = useRef(last);
  if (follows) seen.current = last;

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new end moves it.
  useEffect(() => {
    if (follows && entries.length > 0) virtual.scrollToIndex(entries.length - 1, { align: 'end' });
  }, [last, follows]);

  const at = line === undefined ? -1 : entries.findIndex((entry) => linesOf(entry).some(({ n }) => n === line));
  const shownLine = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the address, or the line's coming, moves it.
  useEffect(() => {
    if (line === undefined) shownLine.current = undefined;
    const entry = entries[at];
    if (!entry || line === shownLine.current) return;
    onFollows(false);
    if (entry.kind === 'fold') return setUnfolded(new Set([...unfolded, entry.lines[0]!.n]));
    shownLine.current = line;
    virtual.scrollToIndex(at, { align: 'center' });
  }, [line, at, entries[at]?.kind]);

  // What comes before what is there pushes it down: what one reads stays where it is.
  const firstKey = useRef<string>(undefined);
  useLayoutEffect(() => {
    const was = firstKey.current;
    firstKey.current = entries[0]?.key;
    if (was === undefined || was === entries[0]?.key) return;
    const moved = entries.findIndex(({ key }) => key === was);
    const start = virtual.measurementsCache[moved]?.start ?? moved * LINE;
    if (moved > 0) virtual.scrollToOffset((virtual.scrollOffset ?? 0) + start);
  }, [entries, virtual]);

  const top = useRef(0);
  /** When somebody last turned the wheel, pressed a key, or took hold of it. */
  const touched = useRef(Number.NEGATIVE_INFINITY);
  const touch = () => {
    touched.current = performance.now();
  };
  const scrolled = () => {
    const element = box.current!;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    // Lines that are measured move the end, too: only what a hand does is somebody's wish.
    const isWished = performance.now() - touched.current < WISH_MS;
    if (left < 2 * LINE) onFollows(!hasAfter);
    else if (isWished && element.scrollTop < top.current) onFollows(false);
    top.current = element.scrollTop;
    if (hasBefore && element.scrollTop < 20 * LINE) onBefore();
    if (hasAfter && left < 20 * LINE) onAfter();
  };
  const missed = follows || !isLive || hasAfter || last === undefined ? 0 : last - (seen.current ?? last);
  return (
    <div className="log-box">
      <section
        ref={box}
        className={isDocked ? 'log in-dock' : 'log'}
        data-wrap={isWrapped}
        tabIndex={0}
        aria-label={name}
        onScroll={scrolled}
        onWheel={touch}
        onTouchMove={touch}
        onKeyDown={touch}
        onPointerDown={touch}
        onPointerMove={({ buttons }) => buttons > 0 && touch()}
      >
        <div className="log-in" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <div
              key={item.key}
              className="log-at"
              data-index={item.index}
              ref={virtual.measureElement}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Shown
                entry={entries[item.index]!}
                find={find}
                marked={line}
                onUnfold={(n) => setUnfolded(new Set([...unfolded, n]))}
              />
            </div>
          ))}
        </div>
      </section>
      {missed > 0 && (
        <button type="button" className="b pri log-new" onClick={() => onFollows(true)}>
          {missed} new {missed === 1 ? 'line' : 'lines'}
        </button>
      )}
    </div>
  );
}

const linesOf = (entry: Entry) => (entry.kind === 'fold' ? entry.lines : entry.kind === 'line' ? [entry.line] : []);

interface ShownProps {
  readonly entry: Entry;
  readonly find: string | undefined;
  readonly marked: number | undefined;
  readonly onUnfold: (n: number) => void;
}

function Shown({ entry, find, marked, onUnfold }: ShownProps) {
  const zone = useZone();
  const clock = (at: string) => clockTimeWithSeconds(new Date(at), zone.name);
  if (entry.kind === 'cut') {
    const { try_number: number, start_date: start, end_date: end, worker } = entry.attempt;
    return (
      <div className="cut">
        Attempt {number}, {end ? `${clock(start)} to ${clock(end)}` : `since ${clock(start)}`} {zone.label}
        {worker && `, ${worker}`}
        {end && `, ${duration((Date.parse(end) - Date.parse(start)) / 1000)}`}
      </div>
    );
  }
  if (entry.kind === 'fold') {
    const [first, last] = [entry.lines[0]!, entry.lines.at(-1)!];
    return (
      <div className={`l ${first.level}`}>
        <span>{first.n}</span>
        <span />
        <span>{first.level.toUpperCase()}</span>
        <span>
          <button type="button" className="fold" onClick={() => onUnfold(first.n)}>
            {entry.lines.length} lines like "{first.text.split('\n')[0]}", {clock(first.at)} to {clock(last.at)}
          </button>
        </span>
      </div>
    );
  }
  const { line } = entry;
  return (
    <div className={`l ${line.level}`} {...(line.n === marked ? { 'data-marked': '' } : {})}>
      <span>{line.n}</span>
      <span>
        {clock(line.at)}
        {`.${String(new Date(line.at).getUTCMilliseconds()).padStart(3, '0')}`}
      </span>
      <span>{line.level.toUpperCase()}</span>
      <span>
        <Text text={line.text} find={find} />
      </span>
    </div>
  );
}

/** A place in a file of the project, as stacks write it: from where the project lies. */
const PLACE = /(?<![\w./-])((?:[\w.@-]+\/)*[\w.-]+\.[cm]?[jt]sx?:\d+(?::\d+)?)/;

function Text({ text, find }: { readonly text: string; readonly find: string | undefined }) {
  const pattern = find ? new RegExp(`(${find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})`, 'gi') : new RegExp(PLACE, 'g');
  return text.split(pattern).map((piece, n) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text.
    n % 2 === 1 && !piece.includes('node_modules') ? <mark key={n}>{piece}</mark> : piece,
  );
}
