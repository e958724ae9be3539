import type { GraphNode, TimelineRow } from '../../../live/types.ts';
import { about, duration } from '../../../parts/duration.ts';

interface FactsProps {
  readonly row: TimelineRow;
  readonly node: GraphNode | undefined;
}

/** What is known of an instance, against the usual. */
export function Facts({ row, node }: FactsProps) {
  const tries = row.attempts.length;
  return (
    <dl className="kv">
      {row.duration !== null && (
        <>
          <dt>Against the usual</dt>
          <dd>
            <b>{duration(row.duration)}</b>
            {tries > 1 && ` in ${tries} attempts`}
            {row.usual && `, usually ${about(row.usual.median)}`}
          </dd>
        </>
      )}
      {node?.trigger_rule && (
        <>
          <dt>Trigger rule</dt>
          <dd className="m">{node.trigger_rule}</dd>
        </>
      )}
      <dt>Attempts</dt>
      <dd>
        {tries} of {Math.max(row.max_tries, tries)}
      </dd>
      {row.groups.length > 0 && (
        <>
          <dt>Group</dt>
          <dd>{row.groups.join(' › ')}</dd>
        </>
      )}
      {node?.role && (
        <>
          <dt>Role</dt>
          <dd>{node.role}</dd>
        </>
      )}
      {node?.doc && (
        <>
          <dt>About</dt>
          <dd>{node.doc}</dd>
        </>
      )}
    </dl>
  );
}
