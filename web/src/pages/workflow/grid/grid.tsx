import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useEffect, useMemo, useRef } from 'react';
import type { Grid as Answer } from '../../../live/types.ts';
import { Glyph } from '../../../parts/glyph.tsx';
import { many } from '../../../parts/many.ts';
import { useZone } from '../../../parts/zone.tsx';
import { Cell } from './cell.tsx';
import { Days } from './days.tsx';
import { GridLegend } from './grid-legend.tsx';
import { cellFacts, type ShownRow } from './rows.ts';
import { RunHeads, runLabels } from './run-columns.tsx';

export interface Place {
  /** Among the rows that are shown; -1: the run itself. */
  readonly row: number;
  readonly column: number;
}

interface GridProps {
  readonly dagId: string;
  readonly grid: Answer;
  readonly rows: readonly ShownRow[];
  readonly folded: ReadonlySet<string>;
  readonly selected: Place;
  readonly onSelect: (place: Place) => void;
  readonly onFold: (group: string) => void;
  readonly onOpen: (place: Place) => void;
}

const ROW = 26;
/** Up to so many rows stand there whole; more scroll in a window of their own. */
const WHOLE = 40;

/** Tasks by runs. One cell can be focused; the arrows move, Enter opens. */
export function Grid({ dagId, grid, rows, folded, selected, onSelect, onFold, onOpen }: GridProps) {
  const zone = useZone();
  const box = useRef<HTMLElement>(null);
  const labels = useMemo(() => runLabels(grid.runs, zone.name), [grid.runs, zone.name]);
  const isLong = rows.length > WHOLE;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
    enabled: isLong,
  });
  const items = isLong ? virtual.getVirtualItems() : rows.map((_, index) => ({ index }));
  const before = isLong ? (virtual.getVirtualItems()[0]?.start ?? 0) : 0;
  const after = isLong ? virtual.getTotalSize() - (virtual.getVirtualItems().at(-1)?.end ?? 0) : 0;

  // The newest run is what one comes for.
  useEffect(() => {
    if (box.current) box.current.scrollLeft = box.current.scrollWidth;
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where the selection goes is it followed.
  useEffect(() => {
    if (isLong && selected.row >= 0) virtual.scrollToIndex(selected.row, { align: 'auto' });
  }, [selected.row, isLong]);

  const placeOf = (event: MouseEvent): Place | undefined => {
    const button = (event.target as Element).closest('button[data-column]') as HTMLElement | null;
    return button ? { row: Number(button.dataset.row), column: Number(button.dataset.column) } : undefined;
  };
  const columns = grid.runs.length;
  return (
    <>
      <section
        ref={box}
        className={isLong ? 'scroll grid-box long' : 'scroll grid-box'}
        tabIndex={0}
        aria-label={`${dagId}: tasks by runs`}
        onClick={(event) => {
          const place = placeOf(event);
          if (place) onSelect(place);
        }}
        onDoubleClick={(event) => {
          const place = placeOf(event);
          if (place) onOpen(place);
        }}
      >
        <table
          className="grid"
          role="grid"
          aria-label={`${many(rows.length, 'row')} by ${many(columns, 'run')}, newest last`}
          aria-rowcount={rows.length}
        >
          <RunHeads grid={grid} labels={labels} selected={selected.column} />
          <tbody>
            {before > 0 && <Space height={before} columns={columns} />}
            {items.map(({ index }) => {
              const { row, at } = rows[index]!;
              return (
                <tr key={row.id} className={row.depth > 0 ? 'in1' : ''} aria-rowindex={index + 1}>
                  <th scope="row" style={row.depth > 1 ? { paddingLeft: 18 * row.depth } : undefined}>
                    {row.kind === 'group' ? (
                      <button
                        type="button"
                        className="fold-g"
                        aria-expanded={!folded.has(row.id)}
                        onClick={() => onFold(row.id)}
                      >
                        <Glyph name={folded.has(row.id) ? 'i-right' : 'i-down'} size={12} /> {row.label}
                        <span className="x">{row.tasks}</span>
                      </button>
                    ) : (
                      <span title={row.id}>
                        {row.label}
                        {row.is_mapped && <span className="x">{times(grid, at)}</span>}
                      </span>
                    )}
                  </th>
                  {grid.runs.map((run, column) => (
                    <Cell
                      key={run.dag_run_id}
                      facts={cellFacts(grid, column, at)}
                      label={row.label}
                      runLabel={labels[column]!}
                      usual={row.usual}
                      row={index}
                      column={column}
                      isSelected={index === selected.row && column === selected.column}
                      isColumn={column === selected.column}
                      isFocusable={index === Math.max(selected.row, 0) && column === selected.column}
                    />
                  ))}
                </tr>
              );
            })}
            {after > 0 && <Space height={after} columns={columns} />}
            <Days grid={grid} zone={zone} selected={selected.column} />
          </tbody>
        </table>
      </section>
      <GridLegend hasMapped={rows.some(({ row }) => row.is_mapped)} />
    </>
  );
}

function Space({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr>
      <td colSpan={columns + 1} style={{ height }} />
    </tr>
  );
}

/** Instances in the newest run that has some. */
function times(grid: Answer, at: number): string {
  const counts = grid.columns.findLast(({ mapped }) => mapped[at])?.mapped[at];
  return counts ? `×${Object.values(counts).reduce((sum, n) => sum + n, 0)}` : '×';
}
