import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useRefresh } from '../../live/live.tsx';
import type { Grid as Answer, Graph as GraphAnswer, Workflow } from '../../live/types.ts';
import { GRID_RUNS, graphQuery, gridQuery } from '../../live/workflow-queries.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { many } from '../../parts/many.ts';
import { Menu, MenuChoice } from '../../parts/menu.tsx';
import { Part } from '../../parts/part.tsx';
import { moment } from '../../parts/time.tsx';
import { useZone } from '../../parts/zone.tsx';
import { useKeys } from '../../shell/keys.tsx';
import { Dock } from './dock/dock.tsx';
import { Graph } from './graph/graph.tsx';
import { GraphList } from './graph/graph-list.tsx';
import { Grid, type Place } from './grid/grid.tsx';
import { useLiveCells } from './grid/live-cells.ts';
import { type ShownRow, shownRows } from './grid/rows.ts';
import { type Act, WorkflowPreviews } from './workflow-previews.tsx';
import { WorkflowSay } from './workflow-say.tsx';

const route = getRouteApi('/workflows/$dagId');

/** What an event says is shown at once; of so many cells the rest is read once a second. */
const MANY_CELLS = 10_000;
const SELDOM_MS = 1_000;
const RUN_COUNTS = ['14', '28', '50'] as const;
const TYPES = [
  { value: '', label: 'All types' },
  { value: 'scheduled', label: 'Scheduled' },
  { value: 'manual', label: 'By hand' },
  { value: 'backfill', label: 'Backfill' },
];

interface OverviewProps {
  readonly workflow: Workflow;
  readonly act: Act | undefined;
  readonly onAct: (act: Act | undefined) => void;
}

/** A DAG: tasks by runs, its graph, and what is selected. */
export function DagOverview({ workflow, act, onAct }: OverviewProps) {
  const { dag_id: dagId } = workflow;
  const search = route.useSearch();
  const limit = search.runs ?? GRID_RUNS;
  const grid = useQuery(gridQuery(dagId, { limit, type: search.type }));
  useLiveCells(dagId);
  const cells = (grid.data?.rows.length ?? 0) * (grid.data?.runs.length ?? 0);
  useRefresh(['grid', dagId], (event) => event.dag_id === dagId, cells > MANY_CELLS ? SELDOM_MS : undefined);
  return (
    <Part query={grid} what="the grid" rows={8}>
      {(answer) => <Loaded workflow={workflow} grid={answer} act={act} onAct={onAct} />}
    </Part>
  );
}

function Loaded({ workflow, grid, act, onAct }: OverviewProps & { readonly grid: Answer }) {
  const { dag_id: dagId } = workflow;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => new Set(search.folded?.split(',') ?? []));
  const fold = (next: ReadonlySet<string>) => {
    setFolded(next);
    set({ folded: next.size === 0 ? undefined : [...next].join(',') });
  };
  const rows = shownRows(grid, folded);
  const place = placeOf(grid, rows, search);
  const run = grid.runs[place.column];
  const row = rows[place.row]?.row;
  const runId = run?.dag_run_id;
  const graph = useQuery(graphQuery(dagId, runId));
  useRefresh(['graph', dagId, runId ?? ''], (event) => event.dag_id === dagId && event.dag_run_id === runId);
  const select = ({ row: at, column }: Place) =>
    set({
      run: grid.runs[column]?.dag_run_id,
      task: at < 0 ? undefined : rows[at]?.row.id,
      map: undefined,
      attempt: undefined,
    });
  const open = ({ row: at, column }: Place) => {
    const id = grid.runs[column]?.dag_run_id;
    if (id !== undefined)
      void navigate({
        to: '/workflows/$dagId/runs/$runId',
        params: { dagId, runId: id },
        search: at < 0 ? {} : { task: rows[at]!.row.id },
      });
  };
  const move = (down: number, right: number) =>
    select({ row: clamp(place.row + down, rows.length), column: clamp(place.column + right, grid.runs.length) });
  const groups = grid.rows.filter(({ kind }) => kind === 'group').map(({ id }) => id);
  const foldAll = () => fold(folded.size > 0 ? new Set() : new Set(groups));
  const isList = search.view === 'list';
  const turn = () => set({ view: isList ? undefined : 'list' });
  useKeys('DAG', [
    { keys: 'j', what: 'next task', hint: 'task', run: () => move(1, 0) },
    { keys: 'k', what: 'task before', hint: 'task', run: () => move(-1, 0) },
    { keys: 'h', what: 'run before', hint: 'run', run: () => move(0, -1) },
    { keys: 'l', what: 'next run', hint: 'run', run: () => move(0, 1) },
    { keys: '↓', what: 'next task', run: () => move(1, 0) },
    { keys: '↑', what: 'task before', run: () => move(-1, 0) },
    { keys: '←', what: 'run before', run: () => move(0, -1) },
    { keys: '→', what: 'next run', run: () => move(0, 1) },
    { keys: 'enter', what: 'open', run: () => open(place) },
    { keys: 'o', what: 'open', hint: true, run: () => open(place) },
    { keys: '⇧C', what: 'clear', hint: true, run: () => onAct('clear') },
    { keys: '⇧F', what: 'mark failed', hint: true, run: () => onAct('mark-failed') },
    { keys: '⇧S', what: 'mark success', run: () => onAct('mark-success') },
    ...(groups.length > 0 ? [{ keys: 'e', what: 'fold groups', run: foldAll }] : []),
    { keys: 'v', what: 'graph or list', hint: true, run: turn },
  ]);
  if (grid.runs.length === 0)
    return (
      <>
        <WorkflowSay workflow={workflow} graph={undefined} run={undefined} onAct={onAct} />
        <NoRuns
          workflow={workflow}
          isFiltered={search.type !== undefined}
          onClear={() => set({ type: undefined })}
          onTrigger={() => onAct('trigger')}
        />
      </>
    );
  const runLabel = run ? `${moment(new Date(run.logical_date ?? run.run_after), zone.name)} ${zone.label}` : '';
  const task = row?.kind === 'task' ? row.id : undefined;
  const node = graph.data?.nodes.find(({ id }) => id === task);
  return (
    <>
      <WorkflowSay workflow={workflow} graph={graph.data} run={run} onAct={onAct} />
      <div className="dag">
        <section aria-labelledby="h-g">
          <div className="sh">
            <h2 id="h-g">Tasks by runs</h2>
            <div className="end">
              <Choice
                value={String(search.runs ?? GRID_RUNS)}
                label={many(grid.runs.length, 'run')}
                options={RUN_COUNTS.map((n) => ({ value: n, label: `${n} runs` }))}
                onChoose={(n) => set({ runs: n === String(GRID_RUNS) ? undefined : Number(n) })}
              />
              <Choice
                value={search.type ?? ''}
                label={TYPES.find(({ value }) => value === (search.type ?? ''))?.label ?? ''}
                options={TYPES}
                onChoose={(type) => set({ type: type || undefined })}
              />
              {groups.length > 0 && (
                <button type="button" className="b ghost" onClick={foldAll}>
                  {folded.size > 0 ? 'Unfold groups' : 'Fold groups'} <kbd>e</kbd>
                </button>
              )}
            </div>
          </div>
          <Grid
            dagId={dagId}
            grid={grid}
            rows={rows}
            folded={folded}
            selected={place}
            onSelect={select}
            onOpen={open}
            onFold={(group) => fold(toggled(folded, group))}
          />
        </section>
        <section aria-labelledby="h-gr">
          <div className="sh">
            <h2 id="h-gr">Graph</h2>
            <span className="q3 sm">{runLabel}</span>
            <div className="end">
              <fieldset className="seg" aria-label="Show as">
                <button type="button" aria-pressed={!isList} onClick={() => set({ view: undefined })}>
                  Graph
                </button>
                <button type="button" aria-pressed={isList} onClick={() => set({ view: 'list' })}>
                  List
                </button>
              </fieldset>
            </div>
          </div>
          <Part query={graph} what="the graph" rows={4}>
            {(answer) => {
              const selectTask = (id: string) => set({ task: id, run: runId, map: undefined, attempt: undefined });
              return isList || answer.nodes.length > 400 ? (
                <GraphList graph={answer} selected={task} onSelect={selectTask} />
              ) : (
                <Graph graph={answer} selected={task} onSelect={selectTask} />
              );
            }}
          </Part>
        </section>
      </div>
      {runId !== undefined && task !== undefined && (
        <Dock
          run={{ dagId, runId }}
          taskId={task}
          mapIndex={search.map}
          attempt={search.attempt}
          node={node}
          after={upstreamOf(graph.data, task)}
          runLabel={runLabel}
          onChange={set}
          onAct={onAct}
        />
      )}
      {runId !== undefined && task === undefined && (
        <p className="sec">
          <Link className="a" to="/workflows/$dagId/runs/$runId" params={{ dagId, runId }}>
            Open the run of {runLabel}
          </Link>
        </p>
      )}
      <WorkflowPreviews
        workflow={workflow}
        act={act}
        runId={runId}
        taskId={task}
        mapIndex={search.map}
        onClose={() => onAct(undefined)}
      />
    </>
  );
}

const upstreamOf = (graph: GraphAnswer | undefined, task: string): readonly string[] =>
  (graph?.edges ?? []).flatMap(({ source, target }) =>
    target === task ? [graph?.nodes.find(({ id }) => id === source)?.label ?? source] : [],
  );

const clamp = (at: number, length: number) => Math.max(0, Math.min(length - 1, at));

function toggled(folded: ReadonlySet<string>, group: string): ReadonlySet<string> {
  const next = new Set(folded);
  if (!next.delete(group)) next.add(group);
  return next;
}

const URGENT = ['failed', 'running', 'up_for_retry', 'queued'];

/** What the address names; else the newest run that has begun, and in it the task that one would look at. */
function placeOf(
  grid: Answer,
  rows: readonly ShownRow[],
  { run, task }: { readonly run?: string | undefined; readonly task?: string | undefined },
): Place {
  const found = run === undefined ? -1 : grid.runs.findIndex(({ dag_run_id: id }) => id === run);
  const begun = grid.runs.findLastIndex(({ state }) => state !== 'queued');
  const column = found >= 0 ? found : begun >= 0 ? begun : grid.runs.length - 1;
  const named = task === undefined ? -1 : rows.findIndex(({ row }) => row.id === task);
  if (named >= 0) return { row: named, column };
  const letters = grid.columns[column]?.states ?? '';
  for (const state of URGENT) {
    const at = rows.findIndex(
      ({ row, at: place }) => row.kind === 'task' && grid.states[letters[place] ?? ' '] === state,
    );
    if (at >= 0) return { row: at, column };
  }
  return {
    row: Math.max(
      0,
      rows.findIndex(({ row }) => row.kind === 'task'),
    ),
    column,
  };
}

interface ChoiceProps {
  readonly value: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChoose: (value: string) => void;
}

function Choice({ value, label, options, onChoose }: ChoiceProps) {
  return (
    <Menu
      trigger={
        <button type="button" className="b ghost">
          {label}
          <Glyph name="i-down" size={12} />
        </button>
      }
    >
      <MenuChoice value={value} onChoose={onChoose} options={options} />
    </Menu>
  );
}

interface NoRunsProps {
  readonly workflow: Workflow;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  readonly onTrigger: () => void;
}

function NoRuns({ workflow, isFiltered, onClear, onTrigger }: NoRunsProps) {
  return (
    <div className="empty">
      <p>
        <b>{isFiltered ? 'No run of this type.' : 'It has not run yet.'}</b>{' '}
        {!isFiltered &&
          (workflow.is_paused
            ? 'It is paused: its schedule starts nothing.'
            : workflow.next_run
              ? 'Its schedule will start it.'
              : 'It runs when somebody triggers it.')}
      </p>
      <div className="bs">
        {isFiltered ? (
          <button type="button" className="b" onClick={onClear}>
            Show all types
          </button>
        ) : (
          <button type="button" className="b pri" onClick={onTrigger}>
            Trigger
          </button>
        )}
      </div>
    </div>
  );
}
