import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import { timelineQuery } from '../../../live/run-queries.ts';
import type { Graph as Answer, TimelineRow } from '../../../live/types.ts';
import { many } from '../../../parts/many.ts';
import { Failed } from '../../../parts/part.tsx';
import { lookOf } from '../../../parts/state.tsx';
import { type Box, factOf, type Layout, type Line, layOut } from './layout.ts';

interface GraphProps {
  readonly graph: Answer;
  readonly selected: string | undefined;
  readonly onSelect: (taskId: string) => void;
}

/** Tasks and their wires, top down. The same as a list: `v`. */
export function Graph({ graph, selected, onSelect }: GraphProps) {
  // The places hang on names, wires and how long facts are: a change of state or of a number draws nothing anew.
  const shape = graph.nodes
    .map((node) => `${node.id} ${factOf(node)?.replace(/\d/g, '0')} ${node.instances} ${node.counts !== null}`)
    .join('\n');
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
  const progress = useProgress(graph);
  const label = `${graph.dag_id}: ${many(layout.boxes.length, 'task')}. The list beside it says the same.`;
  return (
    <section className="scroll graph-room" tabIndex={0} aria-label={label}>
      <svg
        className="graph"
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        style={{ width: layout.width, minWidth: layout.width * SMALLEST }}
        role="group"
        aria-label={label}
      >
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
          return (
            <Node
              key={node.id}
              box={{ ...box, node }}
              progress={progress.get(node.id)}
              isSelected={node.id === selected}
              onSelect={onSelect}
            />
          );
        })}
      </svg>
    </section>
  );
}

/** So far a drawing shrinks to the room that it has; a larger one scrolls. */
const SMALLEST = 0.85;

/** What bodies that run say of how far they are. */
function useProgress({
  dag_id: dagId,
  dag_run_id: runId,
  nodes,
}: Answer): ReadonlyMap<string, TimelineRow['progress']> {
  const isRunning = nodes.some(({ state, kind }) => kind === 'task' && state === 'running');
  const { data } = useQuery({ ...timelineQuery({ dagId, runId: runId ?? '' }), enabled: isRunning && runId !== null });
  if (!isRunning || data?.run.dag_run_id !== runId) return new Map();
  return new Map(data.rows.map(({ task_id: id, progress }) => [id, progress]));
}

interface WireProps {
  readonly line: Line;
  readonly source: string | null;
  readonly target: string | null;
}

/** It flows into what runs, and is dotted where nothing has come yet. */
function Wire({ line, source, target }: WireProps) {
  const path = line.points.map(({ x, y }, n) => `${n === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const kind = target === 'running' ? ' flow' : isReached(source) && isReached(target) ? '' : ' dead';
  return <path className={`edge${kind}`} d={path} />;
}

const UNREACHED: ReadonlySet<string | null> = new Set([null, 'upstream_failed', 'removed']);
const isReached = (state: string | null) => !UNREACHED.has(state);

interface NodeProps {
  readonly box: Box;
  readonly progress: TimelineRow['progress'] | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (taskId: string) => void;
}

function Node({ box: { node, x, y, width, height }, progress, isSelected, onSelect }: NodeProps) {
  const { glyph, word } = lookOf(node.state);
  const fact = factOf(node);
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
      {node.is_mapped && <rect className="box" x={4} y={4} width={width} height={height} rx={5} />}
      <rect className={isSelected ? 'box sel' : 'box'} width={width} height={height} rx={5} />
      <use href={`#${glyph}`} className={glyph} x={12} y={fact ? 7 : 13} width={14} height={14} />
      <text x={34} y={fact ? 17 : 24}>
        {node.label}
      </text>{' '}
      {fact && (
        <text className="sub" x={34} y={32}>
          {node.counts ? <Counted text={fact} /> : fact}
        </text>
      )}{' '}
      {node.is_mapped && (
        <text className="sub" x={width - 10} y={17} textAnchor="end">
          ×{node.instances ?? ''}
        </text>
      )}
      {node.counts && <Share counts={node.counts} width={width} y={height - 11} />}
      {progress?.total && !node.counts ? (
        <g>
          <rect className="share-rest" x={10} y={height - 4} width={width - 20} height={2} />
          <rect
            className="share-live"
            x={10}
            y={height - 4}
            width={Math.min(1, progress.done / progress.total) * (width - 20)}
            height={2}
          />
        </g>
      ) : null}
    </g>
  );
}

const TONES: Readonly<Record<string, string>> = { done: 'n-ok', failed: 'n-bad', running: 'n-live' };

/** `47 done · 2 failed`, with the numbers in the colours of their shares. */
function Counted({ text }: { readonly text: string }) {
  return text.split(' · ').map((part, n) => {
    const [number, word] = part.split(' ');
    return (
      <tspan key={part}>
        {n > 0 && ' · '}
        <tspan className={TONES[word ?? ''] ?? ''}>{number}</tspan> {word}
      </tspan>
    );
  });
}

/** What is seen, in its order, and then the state. */
const nameOf = (node: Box['node'], word: string) =>
  `${[node.label, factOf(node), node.is_mapped && `×${node.instances ?? ''}`].filter(Boolean).join(' ')}: ${word.toLowerCase()}`;

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
      <rect key={state} className={`share-${kind}`} x={x} y={y} width={Math.max(2, part)} height={5} />
    ) : null;
  });
}
