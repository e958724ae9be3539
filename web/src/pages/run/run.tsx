import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useUnpause } from '../../actions/pause-switch.tsx';
import { PoolDialog } from '../../actions/pool-dialog.tsx';
import { ApiError } from '../../live/api.ts';
import { useRefresh } from '../../live/live.tsx';
import { instancesQuery, type RunName, timelineQuery } from '../../live/run-queries.ts';
import type { Timeline as Answer, Remedy } from '../../live/types.ts';
import { Log } from '../../parts/log/log.tsx';
import { useNow } from '../../parts/now.tsx';
import { Part } from '../../parts/part.tsx';
import { clockTimeWithSeconds } from '../../parts/time.tsx';
import { useTitle } from '../../parts/title.ts';
import { useZone } from '../../parts/zone.tsx';
import { useKeys } from '../../shell/keys.tsx';
import { Errors } from './errors.tsx';
import { Instances } from './instances.tsx';
import { NoRun } from './no-run.tsx';
import { Output } from './output.tsx';
import { type Act, RunButtons, RunPreviews } from './run-actions.tsx';
import { RunHead, runTitle } from './run-head.tsx';
import { RunSay } from './run-say.tsx';
import { actOf, RunWhy } from './run-why.tsx';
import { Selected } from './selected.tsx';
import { isSame, mostUrgent, type Selection } from './selection.ts';
import { runScale, Timeline } from './timeline.tsx';

const route = getRouteApi('/workflows/$dagId/runs/$runId');

/** One run, of a DAG or a flow: its timeline, the log, why something waits, what went wrong. */
export function Run() {
  const name = route.useParams();
  const query = useQuery(timelineQuery(name));
  const ofRun = (event: { readonly dag_id: string | null; readonly dag_run_id: string | null }) =>
    event.dag_id === name.dagId && event.dag_run_id === name.runId;
  useRefresh(['timeline', name.dagId, name.runId], (event) => ofRun(event));
  useRefresh(['why', name.dagId, name.runId], (event) => ofRun(event) || event.kind === 'run');
  if (query.error instanceof ApiError && query.error.status === 404)
    return <NoRun {...name} message={query.error.message} />;
  return (
    <Part query={query} what="the run">
      {(answer) => <Loaded name={name} answer={answer} />}
    </Part>
  );
}

function Loaded({ name, answer }: { readonly name: RunName; readonly answer: Answer }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const { run, rows } = answer;
  useTitle(`${run.state === 'failed' ? '✕ ' : ''}${runTitle(run, zone)} · ${run.dag_id}`);
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  // What is not in the run, as a task of another version, is not looked at.
  const isThere = search.task !== undefined && rows.some(({ task_id: task }) => task === search.task);
  const chosen: Selection | undefined = isThere
    ? { taskId: search.task!, mapIndex: search.map ?? defaultIndex(answer, search.task!) }
    : undefined;
  const urgent = mostUrgent(rows);
  const selection = chosen ?? (urgent && { taskId: urgent.task_id, mapIndex: urgent.map_index });
  const row =
    rows.find((each) => isSame(each, selection)) ?? rows.find(({ task_id: task }) => task === selection?.taskId);
  const [pool, setPool] = useState<Remedy['pool']>(null);
  const unpause = useUnpause();
  const onAct = (act: Act | undefined) => set({ act });
  const unfolded = search.unfolded?.split(',') ?? [];
  const scale = runScale(answer, now);
  const changes = useChanges(name);
  const isFlow = run.kind === 'flow';

  const move = (step: number) => {
    const at = rows.findIndex((each) => isSame(each, selection));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (next)
      set({
        task: next.task_id,
        map: next.map_index >= 0 ? next.map_index : undefined,
        attempt: undefined,
        line: undefined,
      });
  };
  const why = useRef<HTMLElement>(null);
  const showWhy = () => why.current?.scrollIntoView({ block: 'start' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is followed when it changes.
  useEffect(() => {
    if (search.show === 'why') showWhy();
  }, [search.show]);
  useKeys(isFlow ? 'Flow run' : 'Run', [
    { keys: 'j', what: isFlow ? 'next step' : 'next task', hint: isFlow ? 'step' : 'task', run: () => move(1) },
    { keys: 'k', what: isFlow ? 'step before' : 'task before', hint: isFlow ? 'step' : 'task', run: () => move(-1) },
    { keys: 'w', what: 'why not running', hint: true, run: showWhy },
  ]);
  // All instances of a mapped task together have no log: that of the first that is not done is shown.
  const isTogether = row?.kind === 'mapped' && selection!.mapIndex < 0;
  const first = useQuery({ ...instancesQuery(name, selection?.taskId ?? '', 1, 1), enabled: isTogether });
  const mapIndex = isTogether
    ? first.data?.rows[0]?.map_index
    : selection && (isFlow || selection.mapIndex >= 0)
      ? selection.mapIndex
      : undefined;
  return (
    <>
      <RunHead run={run}>
        <RunButtons run={run} onAct={onAct} />
      </RunHead>
      <RunSay timeline={answer} onAct={onAct} />
      <div className="split">
        <div>
          <Timeline
            answer={answer}
            selection={selection}
            scale={scale}
            instances={
              new Map(
                unfolded.map((task) => [
                  task,
                  <Instances key={task} run={name} taskId={task} scale={scale} selection={selection} />,
                ]),
              )
            }
            onUnfold={(task) => set({ unfolded: toggled(unfolded, task) })}
          />
          {selection && row && !(isTogether && mapIndex === undefined) && (
            <section className="sec log-sec" id="log" aria-label="Log">
              <Log
                key={`${selection.taskId} ${mapIndex}`}
                run={name}
                name={logName(answer, { ...selection, mapIndex: mapIndex ?? selection.mapIndex })}
                filter={{
                  taskId: selection.taskId,
                  mapIndex,
                  attempt: attemptOf(search.attempt),
                  level: search.level,
                  find: search.find,
                }}
                onFilter={(change) =>
                  set({
                    ...('attempt' in change ? { attempt: change.attempt?.toString() } : {}),
                    ...('level' in change ? { level: change.level } : {}),
                    ...('find' in change ? { find: change.find } : {}),
                    line: change.line,
                  })
                }
                line={search.line}
                changes={changes}
              />
            </section>
          )}
        </div>
        <aside className="pad" aria-label="About this run">
          <RunWhy
            name={name}
            innerRef={why}
            asOf={(at) => `${clockTimeWithSeconds(new Date(at), zone.name)} ${zone.label}`}
            onAct={(remedy) => {
              if (remedy.pool) setPool(remedy.pool);
              else if (remedy.kind === 'unpause' && remedy.dag_id) unpause.mutate(remedy.dag_id);
              else set(actOf(remedy));
            }}
            isOver={run.end_date !== null}
          />
          {row && (
            <Selected run={run} row={row} onAct={onAct}>
              {(row.state === 'success' || row.kind === 'mapped') && (mapIndex !== undefined || !isTogether) && (
                <Output
                  key={`${row.task_id} ${mapIndex} ${row.end_date}`}
                  run={name}
                  taskId={row.task_id}
                  mapIndex={mapIndex ?? -1}
                />
              )}
            </Selected>
          )}
          <Errors timeline={answer} />
        </aside>
      </div>
      {pool && <PoolDialog pool={pool.name} slots={pool.slots} open onClose={() => setPool(null)} />}
      <RunPreviews run={run} act={search.act} onAct={onAct} selection={selection} />
    </>
  );
}

const defaultIndex = ({ rows, run }: Answer, task: string) =>
  rows.find(({ task_id: id }) => id === task)?.map_index ?? (run.kind === 'flow' ? 0 : -1);

const attemptOf = (attempt: string | undefined) =>
  attempt === undefined || !/^\d+$/.test(attempt) ? undefined : Number(attempt);

const toggled = (unfolded: readonly string[], task: string) => {
  const next = unfolded.includes(task) ? unfolded.filter((each) => each !== task) : [...unfolded, task];
  return next.length === 0 ? undefined : next.join(',');
};

function logName({ run }: Answer, { taskId, mapIndex }: Selection): string {
  if (run.kind === 'flow') return `${taskId} #${mapIndex + 1}`;
  return mapIndex >= 0 ? `${taskId}[${mapIndex}]` : taskId;
}

/** Grows whenever something happens in the run. */
function useChanges({ dagId, runId }: RunName): number {
  const [changes, setChanges] = useState(0);
  const query = useQuery(timelineQuery({ dagId, runId }));
  useEffect(() => {
    if (query.dataUpdatedAt > 0) setChanges((count) => count + 1);
  }, [query.dataUpdatedAt]);
  return changes;
}
