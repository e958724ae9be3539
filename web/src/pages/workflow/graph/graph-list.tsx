import type { Graph, GraphNode } from '../../../live/types.ts';
import { State } from '../../../parts/state.tsx';

interface ListProps {
  readonly graph: Graph;
  readonly selected: string | undefined;
  readonly onSelect: (taskId: string) => void;
}

/** The graph as a tree: groups with what is in them, each task with what it waits for. */
export function GraphList({ graph, selected, onSelect }: ListProps) {
  const byParent = Map.groupBy(graph.nodes, ({ parent }) => parent);
  const upstream = Map.groupBy(graph.edges, ({ target }) => target);
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, label]));
  const draw = (node: GraphNode) => (
    <li key={node.id}>
      {node.kind === 'group' ? (
        <span className="tree-group">{node.label}</span>
      ) : (
        <button type="button" aria-pressed={node.id === selected} onClick={() => onSelect(node.id)}>
          <State state={node.state} word={node.label} />
          <span className="q3 sm">
            {node.fact ?? after(upstream.get(node.id)?.map(({ source }) => labels.get(source) ?? source))}
          </span>
        </button>
      )}
      {byParent.has(node.id) && <ul>{byParent.get(node.id)!.map(draw)}</ul>}
    </li>
  );
  return (
    <section className="scroll graph-room" tabIndex={0} aria-label="Tasks as a list">
      <ul className="tree">{(byParent.get(null) ?? []).map(draw)}</ul>
    </section>
  );
}

function after(sources: readonly string[] | undefined): string {
  if (!sources || sources.length === 0) return 'first';
  return sources.length > 3
    ? `after ${sources.slice(0, 2).join(', ')} and ${sources.length - 2} more`
    : `after ${sources.join(', ')}`;
}
