import type { GraphNode, TimelineRow } from '../../../live/types.ts';
import { about, duration } from '../../../parts/duration.ts';

/** What is known of all instances of a mapped task together. */
export function MappedFacts({ row, node, after }: FactsProps) {
  return (
    <dl className="kv">
      <After after={after} />
      {row.usual && (
        <>
          <dt>Each usually</dt>
          <dd>
            <b>{duration(row.usual.median)}</b>, nine in ten at most {duration(row.usual.p90)}
          </dd>
        </>
      )}
      {row.duration !== null && (
        <>
          <dt>Together</dt>
          <dd>{duration(row.duration)}</dd>
        </>
      )}
      {row.max_tries > 1 && (
        <>
          <dt>Attempts</dt>
          <dd>{row.max_tries} at most, each</dd>
        </>
      )}
      <FromNode node={node} />
    </dl>
  );
}

function After({ after }: Pick<FactsProps, 'after'>) {
  if (after.length === 0) return null;
  return (
    <>
      <dt>After</dt>
      <dd>{after.length > 4 ? `${after.slice(0, 3).join(', ')} and ${after.length - 3} more` : after.join(', ')}</dd>
    </>
  );
}

interface FactsProps {
  readonly row: TimelineRow;
  readonly node: GraphNode | undefined;
  /** Names of the tasks that it waits for. */
  readonly after: readonly string[];
}

/** What is known of an instance, against the usual. */
export function Facts({ row, node, after }: FactsProps) {
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
      <After after={after} />
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
      <FromNode node={node} />
    </dl>
  );
}

/** What its author wrote. */
function FromNode({ node }: Pick<FactsProps, 'node'>) {
  return (
    <>
      {node?.trigger_rule && (
        <>
          <dt>Trigger rule</dt>
          <dd className="m">{node.trigger_rule}</dd>
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
    </>
  );
}
