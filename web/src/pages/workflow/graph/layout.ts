import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Graph, GraphNode } from '../../../live/types.ts';

export interface Box {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly source: string;
  readonly target: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly groups: readonly Box[];
  readonly lines: readonly Line[];
}

let engine: Promise<ELK> | undefined;

/** The layout engine is large: it is loaded when the first graph is drawn, and works beside the page. */
function elk(): Promise<ELK> {
  engine ??= Promise.all([import('elkjs/lib/elk-api.js'), import('elkjs/lib/elk-worker.min.js?url')]).then(
    ([{ default: Elk }, { default: workerUrl }]) => new Elk({ workerUrl }),
  );
  return engine;
}

/** Of groups and tasks in no group: theirs are beside each other, and narrower. */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.spacing.nodeNode': '16',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.padding': '[top=1,left=1,bottom=6,right=6]',
};

const GROUP_OPTIONS = { 'elk.padding': '[top=24,left=8,bottom=8,right=8]', 'elk.spacing.nodeNode': '8' };

const HEIGHT = 40;
/** With a bar of shares below its words. */
const MAPPED_HEIGHT = 52;
/** Of what is in a group or has others beside it; of what is alone in its row. */
const LEAST = 96;
const ALONE = 200;
const BESIDE_TEXT = 48;

/** What stands below the name. In a group names stand close: that they will not run is seen. */
export const factOf = ({ fact, parent, state }: GraphNode): string | null =>
  parent !== null && state === 'upstream_failed' ? null : fact;

/** Names are never cut: nodes grow with them. */
function widthOf(node: GraphNode, least: number, measure: (text: string, weight: number) => number): number {
  const times = node.is_mapped ? measure(`×${node.instances ?? ''}`, 400) + 12 : 0;
  return Math.ceil(
    Math.max(least, measure(node.label, 500) + times + BESIDE_TEXT, measure(factOf(node) ?? '', 400) + BESIDE_TEXT),
  );
}

function textMeasure(): (text: string, weight: number) => number {
  const context = document.createElement('canvas').getContext('2d')!;
  const family = getComputedStyle(document.body).fontFamily;
  return (text, weight) => {
    context.font = `${weight} 12px ${family}`;
    return context.measureText(text).width;
  };
}

export async function layOut({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>): Promise<Layout> {
  const measure = textMeasure();
  const byParent = Map.groupBy(nodes, ({ parent }) => parent);
  const alone = aloneInRow({ nodes, edges });
  const draw = (node: GraphNode): ElkNode =>
    node.kind === 'group'
      ? {
          id: node.id,
          layoutOptions: GROUP_OPTIONS,
          children: (byParent.get(node.id) ?? []).map(draw),
          labels: [{ text: node.label, width: measure(node.label, 400), height: 16 }],
        }
      : {
          id: node.id,
          width: widthOf(node, alone.has(node.id) ? ALONE : LEAST, measure),
          height: node.counts ? MAPPED_HEIGHT : HEIGHT,
        };
  const wires: ElkExtendedEdge[] = edges.map(({ source, target }, n) => ({
    id: `e${n}`,
    sources: [source],
    targets: [target],
  }));
  const laidOut = await (await elk()).layout({
    id: 'root',
    layoutOptions: OPTIONS,
    children: (byParent.get(null) ?? []).map(draw),
    edges: wires,
  });
  return flatten(laidOut, new Map(nodes.map((node) => [node.id, node])));
}

/** Tasks in no group that have none beside them: a chain of them is one straight column. */
function aloneInRow({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>): ReadonlySet<string> {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const outermost = (id: string): string => {
    const parent = parents.get(id) ?? null;
    return parent === null ? id : outermost(parent);
  };
  const ids = [...new Set(nodes.map(({ id }) => outermost(id)))];
  const wires = edges.map(({ source, target }) => [outermost(source), outermost(target)] as const);
  const rows = new Map(ids.map((id) => [id, 0]));
  // As many rounds as there can be rows; groups may wait for each other.
  for (let round = 0, isMoving = true; isMoving && round < ids.length; round += 1) {
    isMoving = false;
    for (const [source, target] of wires) {
      const row = rows.get(source)! + 1;
      if (source === target || rows.get(target)! >= row) continue;
      rows.set(target, row);
      isMoving = true;
    }
  }
  const inRow = Map.groupBy(ids, (id) => rows.get(id)!);
  return new Set([...inRow.values()].flatMap((row) => (row.length === 1 ? row : [])));
}

/** Places are within their group, and those of an edge within the group that holds it: all become those of the drawing. */
function flatten(root: ElkNode, nodes: ReadonlyMap<string, GraphNode>): Layout {
  const boxes: Box[] = [];
  const groups: Box[] = [];
  const corners = new Map<string, { x: number; y: number }>([['root', { x: 0, y: 0 }]]);
  const visit = (parent: ElkNode, left: number, top: number) => {
    for (const child of parent.children ?? []) {
      const x = left + (child.x ?? 0);
      const y = top + (child.y ?? 0);
      corners.set(child.id, { x, y });
      const node = nodes.get(child.id)!;
      (node.kind === 'group' ? groups : boxes).push({ node, x, y, width: child.width ?? 0, height: child.height ?? 0 });
      visit(child, x, y);
    }
  };
  visit(root, 0, 0);
  const lines = (root.edges ?? []).flatMap((edge) => {
    const { container = 'root' } = edge as { readonly container?: string };
    const { x, y } = corners.get(container) ?? { x: 0, y: 0 };
    return (edge.sections ?? []).map((section) => ({
      source: edge.sources[0]!,
      target: edge.targets[0]!,
      points: [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map((point) => ({
        x: x + point.x,
        y: y + point.y,
      })),
    }));
  });
  return { width: root.width ?? 0, height: root.height ?? 0, boxes, groups, lines };
}
