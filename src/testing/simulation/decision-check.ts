import { isFinished } from '../../model/states.ts';
import type { InstanceRow, RunRow } from '../../store/rows.ts';
import { instancesByLists } from './mapping-check.ts';
import { type Change, type InstanceMove, type Mirror, rowName } from './mirror.ts';
import { type Decision, decisionByTheBook, decisionsOnTheWay, emptyTally } from './rules.ts';
import { byTask, lengthSources, Topology } from './topology.ts';
import { demand } from './violation.ts';
import type { Witness } from './witness.ts';

interface Scene {
  readonly run: RunRow;
  readonly change: Change;
  readonly topology: Topology;
  readonly before: ReadonlyMap<number, readonly InstanceRow[]>;
  readonly after: ReadonlyMap<number, readonly InstanceRow[]>;
  readonly witness: Witness;
}

/** Trigger rules: what moved had the right to, and what may move has moved. */
export function checkDecisions(change: Change, mirror: Mirror, witness: Witness): void {
  for (const id of change.runs) {
    const run = mirror.runs.get(id)!;
    const scene: Scene = {
      run,
      change,
      topology: Topology.of(mirror.spec(run)),
      before: byTask(change.before.get(id)!.values()),
      after: byTask(mirror.instances(id).values()),
      witness,
    };
    for (const move of change.moves) if (move.run === id) checkMove(scene, move);
    if (run.state === 'running')
      for (const rows of scene.after.values()) {
        // The placeholder of what is being expanded waits for the rest of it.
        const expanding = mirror.expansions(id) > 0 && rows.some(({ index }) => index >= 0);
        for (const row of rows) if (!expanding || row.index >= 0) checkWaiting(scene, row);
      }
  }
}

/** A waiting instance still has something to wait for. */
function checkWaiting(scene: Scene, { task, index, state }: InstanceRow): void {
  if (state !== 'none') return;
  const { topology, after, run } = scene;
  const rule = topology.task(task).triggerRule;
  const tally = topology.tally(after, task, index);
  let decision = decisionByTheBook(rule, tally);
  const mapping = topology.mapping(task);
  if (mapping && index === -1) {
    const ends = sourceStates(scene, task, after);
    if (ends.some((end) => end === 'failed' || end === 'upstream_failed')) decision = 'upstream_failed';
    else if (ends.includes('skipped')) decision = 'skipped';
  }
  demand(
    decision === 'wait',
    'readiness',
    () => `instance ${run.id}.${task}.${index} waits, its rule ${rule} says ${decision}: ${JSON.stringify(tally)}`,
  );
}

function checkMove(scene: Scene, { task, index, from, to }: InstanceMove): void {
  if (to !== 'queued' && to !== 'skipped' && to !== 'upstream_failed') return;
  if (from === 'running' || from === 'restarting' || (to === 'queued' && from !== null && from !== 'none')) return;
  const { topology, before, after, run, change } = scene;
  const row = after.get(task)?.find((instance) => instance.index === index);
  const reason = row?.reason;
  if (to === 'skipped' && (reason === 'fail_fast' || reason === 'run_timeout' || reason === 'marked')) return;
  const rule = topology.task(task).triggerRule;
  const was = change.before.get(run.id)?.get(rowName(task, index));
  const start = was || before.size > 0 ? topology.tally(before, task, index) : emptyTally();
  const end = topology.tally(after, task, index);
  const cleared = scene.witness.cleared.has(run.id);
  const possible =
    from !== null && from !== 'none'
      ? new Set<Decision>()
      : decisionsOnTheWay(rule, cleared ? emptyTally() : start, end);
  if (possible === null) return;
  const wanted: Decision = to === 'queued' ? 'run' : to;
  if (possible.has(wanted)) return;
  if (to === 'skipped' && (isBranchedAround(scene, task, index) || isMappedOverNothing(scene, task, index))) return;
  if (topology.mapping(task) && index === -1 && explainedBySources(scene, task, to)) return;
  demand(
    false,
    'trigger rules',
    () =>
      `instance ${run.id}.${task}.${index} went from ${from} to ${to}, its rule ${rule} allows ${[...possible].join(' or ')}: ` +
      `${JSON.stringify(start)} then ${JSON.stringify(end)}`,
  );
}

/** A branch or a short circuit succeeded in this transaction and does not follow this task. */
function isBranchedAround({ change, run, topology, witness }: Scene, task: number, index: number): boolean {
  return change.moves.some((move) => {
    if (move.run !== run.id || move.to !== 'success') return false;
    const token = change.before.get(run.id)?.get(rowName(move.task, move.index))?.token;
    if (!token || (topology.sameMappedGroup(move.task, task) && move.index !== index)) return false;
    return witness.outcomes(token).some((outcome) => {
      if (outcome.kind !== 'success' || !outcome.skip) return false;
      if (outcome.skip.scope === 'direct') return outcome.skip.tasks.includes(task);
      return topology.below(move.task).has(task) && !topology.task(task).teardown;
    });
  });
}

/** The placeholder of a task that is mapped over an empty list. */
function isMappedOverNothing({ run, topology, after, witness }: Scene, task: number, index: number): boolean {
  if (index !== -1 || topology.mapping(task) === null) return false;
  // Sources that somebody marked gave nothing.
  if (witness.marked.has(run.id)) return true;
  return instancesByLists(task, { run: run.id, topology, instances: after, witness }) === 0;
}

/** The length can never be known, or was not when the rule held. */
function explainedBySources(scene: Scene, task: number, to: string): boolean {
  // Sources may have ended in the same transaction, after the rule was asked.
  const ends = [...sourceStates(scene, task, scene.before), ...sourceStates(scene, task, scene.after)];
  if (clearsSource(scene, task)) ends.push('open');
  if (to === 'upstream_failed') return ends.some((end) => end !== 'success' && end !== 'skipped');
  return to === 'skipped' && ends.includes('skipped');
}

/** A source was cleared and has ended anew within the transaction: of that its rows show nothing. */
function clearsSource({ change, run, topology }: Scene, task: number): boolean {
  const mapping = topology.mapping(task);
  if (!mapping) return false;
  const sources = lengthSources(mapping);
  return change.events.some(
    (event) => event.run === run.id && event.kind === 'instance.none' && event.task !== null && sources.has(event.task),
  );
}

/** Of each task whose output gives the length: how it ended, or `open`. Expanded ones are successes when all is over. */
function sourceStates({ topology }: Scene, task: number, instances: Scene['before']): string[] {
  const mapping = topology.mapping(task);
  if (!mapping) return [];
  return [...lengthSources(mapping)].map((source) => {
    const rows = instances.get(source) ?? [];
    const single = rows.find(({ index }) => index === -1);
    if (single) return isFinished(single.state) ? single.state : 'open';
    return rows.every(({ state }) => isFinished(state)) ? 'success' : 'open';
  });
}
