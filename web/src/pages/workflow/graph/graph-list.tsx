import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Graph, GraphNode } from '../../../live/types.ts';
import { State } from '../../../parts/state.tsx';

interface ListProps {
  readonly graph: Graph;
  readonly selected: string | undefined;
  readonly onSelect: (taskId: string) => void;
}

/** Up to so many stand there whole; of more those alone that are seen. */
const WHOLE = 100;
const ROW = 26;

/** The graph as a tree: groups with what is in them, each task with what it waits for. */
export function GraphList({ graph, selected, onSelect }: ListProps) {
  const upstream = Map.groupBy(graph.edges, ({ target }) => target);
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, label]));
  const line = (node: GraphNode) =>
    node.kind === 'group' ? (
      <span className="tree-group">{node.label}</span>
    ) : (
      <button type="button" aria-pressed={node.id === selected} onClick={() => onSelect(node.id)}>
        <State state={node.state} word={node.label} />
        <span className="q3 sm">
          {node.fact ?? after(upstream.get(node.id)?.map(({ source }) => labels.get(source) ?? source))}
        </span>
      </button>
    );
  if (graph.nodes.length > WHOLE) return <SeenOnly nodes={graph.nodes} line={line} />;
  const byParent = Map.groupBy(graph.nodes, ({ parent }) => parent);
  const draw = (node: GraphNode) => (
    <li key={node.id}>
      {line(node)}
      {byParent.has(node.id) && <ul>{byParent.get(node.id)!.map(draw)}</ul>}
    </li>
  );
  return (
    <section className="scroll graph-room" tabIndex={0} aria-label="Tasks as a list">
      <ul className="tree">{(byParent.get(null) ?? []).map(draw)}</ul>
    </section>
  );
}

interface SeenProps {
  /** Written out from the top: a group before what is in it. */
  readonly nodes: readonly GraphNode[];
  readonly line: (node: GraphNode) => React.ReactNode;
}

function SeenOnly({ nodes, line }: SeenProps) {
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: nodes.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const depthOf = (node: GraphNode) => {
    let depth = 0;
    for (let at = node.parent; at !== null; at = parents.get(at) ?? null) depth += 1;
    return depth;
  };
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section className="scroll graph-room" ref={box} tabIndex={0} aria-label="Tasks as a list">
      <ul className="tree" style={{ paddingTop: before, paddingBottom: after }}>
        {items.map(({ index }) => {
          const node = nodes[index]!;
          return (
            <li
              key={node.id}
              data-index={index}
              ref={virtual.measureElement}
              aria-setsize={nodes.length}
              aria-posinset={index + 1}
              style={{ paddingLeft: 18 * depthOf(node) }}
            >
              {line(node)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function after(sources: readonly string[] | undefined): string {
  if (!sources || sources.length === 0) return 'first';
  return sources.length > 3
    ? `after ${sources.slice(0, 2).join(', ')} and ${sources.length - 2} more`
    : `after ${sources.join(', ')}`;
}
