import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import type { Graph as Answer } from '../../../live/types.ts';
import { many } from '../../../parts/many.ts';
import { Failed } from '../../../parts/part.tsx';
import { lookOf } from '../../../parts/state.tsx';
import { type Box, type Layout, type Line, layOut } from './layout.ts';

interface GraphProps {
  readonly graph: Answer;
  readonly selected: string | undefined;
  readonly onSelect: (taskId: string) => void;
}

/** Tasks and their wires, top down. The same as a list: `v`. */
export function Graph({ graph, selected, onSelect }: GraphProps) {
  // The places hang on names, facts and wires alone: a change of state draws nothing anew.
  const shape = graph.nodes.map(({ id, fact, instances }) => `${id} ${fact} ${instances}`).join('\n');
  const layout = useQuery({
    queryKey: ['layout', graph.dag_id, graph.version, shape],
    queryFn: () => layOut(graph),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (layout.error) return <Failed what="the graph" error={layout.error} again={() => void layout.refetch()} />;
  if (!layout.data) return <div className="graph-room" aria-busy="true" />;
  return <Drawing layout={layout.data} graph={graph} selected={selected} onSelect={onSelect} />;
}

function Drawing({ layout, graph, selected, onSelect }: GraphProps & { readonly layout: Layout }) {
  const states = new Map(graph.nodes.map((node) => [node.id, node]));
  const label = `${graph.dag_id}: ${many(layout.boxes.length, 'task')}. The list beside it says the same.`;
  return (
    <section className="scroll graph-room" tabIndex={0} aria-label={label}>
      <svg className="graph" width={layout.width} height={layout.height} role="group" aria-label={label}>
        {layout.groups.map(({ node, x, y, width, height }) => (
          <g key={node.id}>
            <rect className="grp" x={x} y={y} width={width} height={height} rx={5} />
            <text className="sub" x={x + 8} y={y + 16}>
              {node.label}
            </text>
          </g>
        ))}
        {layout.lines.map((line) => (
          <Wire
            key={`${line.source} ${line.target}`}
            line={line}
            source={states.get(line.source)?.state ?? null}
            target={states.get(line.target)?.state ?? null}
          />
        ))}
        {layout.boxes.map((box) => {
          const node = states.get(box.node.id) ?? box.node;
          return <Node key={node.id} box={{ ...box, node }} isSelected={node.id === selected} onSelect={onSelect} />;
        })}
      </svg>
    </section>
  );
}

interface WireProps {
  readonly line: Line;
  readonly source: string | null;
  readonly target: string | null;
}

/** It flows into what runs, and is dotted where nothing has come yet. */
function Wire({ line, source, target }: WireProps) {
  const path = line.points.map(({ x, y }, n) => `${n === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const kind = target === 'running' ? ' flow' : source === null || target === null ? ' dead' : '';
  return <path className={`edge${kind}`} d={path} />;
}

interface NodeProps {
  readonly box: Box;
  readonly isSelected: boolean;
  readonly onSelect: (taskId: string) => void;
}

function Node({ box: { node, x, y, width, height }, isSelected, onSelect }: NodeProps) {
  const { glyph, word } = lookOf(node.state);
  const open = () => onSelect(node.id);
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  };
  return (
    <g
      className="node"
      role="button"
      tabIndex={0}
      aria-pressed={isSelected}
      aria-label={nameOf(node, word)}
      onClick={open}
      onKeyDown={press}
      transform={`translate(${x} ${y})`}
    >
      {node.is_mapped && <rect className="box" x={4} y={-4} width={width} height={height} rx={5} />}
      <rect className={isSelected ? 'box sel' : 'box'} width={width} height={height} rx={5} />
      <use href={`#${glyph}`} className={glyph} x={12} y={node.fact ? 7 : 13} width={14} height={14} />
      <text x={34} y={node.fact ? 17 : 24}>
        {node.label}
      </text>{' '}
      {node.fact && (
        <text className="sub" x={34} y={32}>
          {node.fact}
        </text>
      )}{' '}
      {node.is_mapped && (
        <text className="sub" x={width - 10} y={17} textAnchor="end">
          ×{node.instances ?? ''}
        </text>
      )}
      {node.counts && <Share counts={node.counts} width={width} y={height - 4} />}
    </g>
  );
}

/** What is seen, in its order, and then the state. */
const nameOf = (node: Box['node'], word: string) =>
  `${[node.label, node.fact, node.is_mapped && `×${node.instances ?? ''}`].filter(Boolean).join(' ')}: ${word.toLowerCase()}`;

const ORDER = [
  ['success', 'ok'],
  ['failed', 'bad'],
  ['upstream_failed', 'bad'],
  ['running', 'live'],
] as const;

/** Shares of the instances of a mapped task. */
function Share({
  counts,
  width,
  y,
}: {
  readonly counts: Readonly<Record<string, number>>;
  readonly width: number;
  readonly y: number;
}) {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const room = width - 20;
  let at = 10;
  return ORDER.map(([state, kind]) => {
    const part = ((counts[state] ?? 0) / all) * room;
    const x = at;
    at += part;
    return part > 0 ? (
      <rect key={state} className={`share-${kind}`} x={x} y={y} width={Math.max(2, part)} height={2} />
    ) : null;
  });
}
