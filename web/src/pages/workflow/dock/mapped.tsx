import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { instancesQuery, type RunName } from '../../../live/run-queries.ts';
import type { GraphNode, TimelineRow } from '../../../live/types.ts';
import { about, duration } from '../../../parts/duration.ts';
import { FilePath } from '../../../parts/file-path.tsx';
import { Glyph } from '../../../parts/glyph.tsx';
import { many } from '../../../parts/many.ts';
import { Part } from '../../../parts/part.tsx';
import { State } from '../../../parts/state.tsx';
import { Distribution } from './distribution.tsx';
import { MappedFacts } from './facts.tsx';
import { Tiles } from './tiles.tsx';

interface MappedProps {
  readonly run: RunName;
  readonly row: TimelineRow;
  readonly node: GraphNode | undefined;
  /** Names of the tasks that it waits for. */
  readonly after: readonly string[];
  readonly onSelect: (mapIndex: number | undefined) => void;
  readonly onRerun: () => void;
}

const LOADED = 500;

/** A mapped task in one run: tiles, the instances that are not done, how long each took. */
export function Mapped({ run, row, node, after, onSelect, onRerun }: MappedProps) {
  const query = useQuery(instancesQuery(run, row.task_id, 1, LOADED));
  const counts = row.counts ?? {};
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return (
    <Part query={query} what={`the instances of ${row.task_id}`} rows={4}>
      {({ rows }) => (
        <>
          <div>
            <div className="ttl">
              <h2>{row.label}</h2>
              <span className="q3 sm">{many(all, 'instance')}</span>
            </div>
            <Tiles counts={counts} rows={rows} selected={undefined} onSelect={onSelect} />
          </div>
          <NotDone run={run} row={row} rows={rows} all={all} onRerun={onRerun} />
          <div>
            <Distribution rows={rows} />
            <div className="blk">
              <MappedFacts row={row} node={node} after={after} />
            </div>
          </div>
        </>
      )}
    </Part>
  );
}

const isDone = ({ state }: TimelineRow) => state === 'success' || state === 'skipped' || state === 'removed';

interface NotDoneProps extends Pick<MappedProps, 'run' | 'row' | 'onRerun'> {
  readonly rows: readonly TimelineRow[];
  readonly all: number;
}

const SHOWN = 20;

function NotDone({ run, row, rows, all, onRerun }: NotDoneProps) {
  const open = rows.filter((each) => !isDone(each));
  const [showsAll, setShowsAll] = useState(open.length === 0);
  const shown = (showsAll ? rows : open).slice(0, SHOWN);
  const failed = row.counts?.failed ?? 0;
  const areNamed = shown.some(isNamed);
  return (
    <div>
      <div className="sh">
        <h2>{showsAll ? 'All' : 'Not done'}</h2>
        <span className="q3 sm">
          {showsAll ? shown.length : open.length} of {all.toLocaleString('en')}
        </span>
        <div className="end">
          <fieldset className="seg" aria-label="Instances">
            <button type="button" aria-pressed={!showsAll} onClick={() => setShowsAll(false)}>
              Not done {open.length}
            </button>
            <button type="button" aria-pressed={showsAll} onClick={() => setShowsAll(true)}>
              All {all.toLocaleString('en')}
            </button>
          </fieldset>
          {failed > 0 && (
            <button type="button" className="b" onClick={onRerun}>
              Re-run {failed} failed
            </button>
          )}
        </div>
      </div>
      {shown.length === 0 ? (
        <p className="q3 sm">All are done.</p>
      ) : (
        <section className="scroll" tabIndex={0} aria-label={`Instances of ${row.label}`}>
          <table className="mini wide">
            <thead>
              <tr>
                <th>Index</th>
                {areNamed && <th>Name</th>}
                <th>State</th>
                <th>Attempt</th>
                <th className="r">Took</th>
                <th className="why-col">Why</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((each) => (
                <Instance key={each.map_index} run={run} row={each} isNamed={areNamed} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Causes rows={open} />
    </div>
  );
}

/** An instance without a name of its own is told by its index. */
const isNamed = ({ instance_name: name }: TimelineRow) => name !== null;

interface InstanceProps {
  readonly run: RunName;
  readonly row: TimelineRow;
  readonly isNamed: boolean;
}

function Instance({ run, row, isNamed: isShown }: InstanceProps) {
  const last = row.attempts.at(-1);
  const link = (text: string | number) => (
    <Link to="/workflows/$dagId/runs/$runId" params={run} search={{ task: row.task_id, map: row.map_index }}>
      <b>{text}</b>
    </Link>
  );
  return (
    <tr>
      <td>{row.instance_name === null ? link(row.map_index) : row.map_index}</td>
      {isShown && <td>{row.instance_name !== null && link(row.instance_name)}</td>}
      <td>
        <State state={row.state} />
      </td>
      <td className="nw">{last ? `${last.try_number} of ${Math.max(row.max_tries, last.try_number)}` : ''}</td>
      <td className={row.usual && (row.duration ?? 0) > row.usual.p90 ? 'r nw over-usual' : 'r nw'}>
        {row.duration === null ? '' : duration(row.duration)}
      </td>
      <td className="why-col">{whyOf(row, last)}</td>
    </tr>
  );
}

function whyOf(row: TimelineRow, last: TimelineRow['attempts'][number] | undefined): string {
  if (last?.error) return last.error.message.split('\n')[0] ?? '';
  if (row.state === 'running' && row.progress)
    return row.progress.total === null ? `${row.progress.done} done` : `${row.progress.done} of ${row.progress.total}`;
  return row.state === 'running' && row.usual ? `usually ${about(row.usual.median)}` : '';
}

/** One sentence where instances failed of the same cause: message without numbers, at the same place. */
function Causes({ rows }: { readonly rows: readonly TimelineRow[] }) {
  const causes = Map.groupBy(
    rows.flatMap((row) => row.attempts.at(-1)?.error ?? []),
    ({ type, message }) => `${type}: ${message.split('\n')[0]}`.replace(/\d+/g, '#'),
  );
  const count = [...causes.values()].reduce((sum, errors) => sum + errors.length, 0);
  if (count < 2 || causes.size !== 1) return null;
  const [first] = [...causes.values()][0]!;
  return (
    <p className="note cause">
      <Glyph name="failed" />
      <span>
        <em>One cause, {count} instances:</em> {first!.type === 'Error' ? '' : `${first!.type}: `}
        {first!.message.split('\n')[0]}
        {first!.place && (
          <>
            {' '}
            at <FilePath path={first!.place} />
          </>
        )}
      </span>
    </p>
  );
}
