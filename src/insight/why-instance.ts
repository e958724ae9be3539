import { limitKeys } from '../engine/limits.ts';
import type { TriggerRule } from '../model/trigger-rule.ts';
import type { TaskStateRow } from '../store/readings.ts';
import type { InstanceRow } from '../store/rows.ts';
import { isoOrNull } from './iso.ts';
import type { FoundRun } from './run-of.ts';
import type { Sources } from './sources.ts';
import { because, many, type Reason, remedyOf } from './why-reason.ts';

const HOLDERS = 6;
const COUNTED = 10_000;
const NAMED = 3;

/** What is known of a run, read once for all of its instances. */
export interface RunFacts {
  readonly states: ReadonlyMap<number, readonly TaskStateRow[]>;
  readonly timers: ReadonlyMap<string, number>;
}

/** Why one instance does not run, and what does not keep it. */
export class InstanceReasons {
  readonly #sources: Sources;
  readonly #found: FoundRun;
  readonly #facts: RunFacts;

  constructor(sources: Sources, found: FoundRun, facts: RunFacts) {
    this.#sources = sources;
    this.#found = found;
    this.#facts = facts;
  }

  async of(row: InstanceRow): Promise<{ readonly reasons: Reason[]; readonly passing: string[] }> {
    switch (row.state) {
      case 'none':
        return { reasons: this.#upstream(row), passing: [] };
      case 'queued':
        return row.parked === null ? await this.#line(row) : await this.#parked(row, row.parked);
      case 'up_for_retry':
        return {
          reasons: [
            this.#later(row, 'retry_wait', `Attempt ${row.attempt} of ${row.maxAttempts} failed; it is tried again.`),
          ],
          passing: this.#upstreamPasses(row),
        };
      case 'up_for_reschedule':
        return {
          reasons: [this.#later(row, 'reschedule_wait', 'It looks again later.')],
          passing: this.#upstreamPasses(row),
        };
      case 'deferred':
        return {
          reasons: [because('deferred', 'It waits for its trigger, without a worker.')],
          passing: this.#upstreamPasses(row),
        };
      case 'awaiting_input':
        return { reasons: [because('approval', 'It waits for a person.')], passing: this.#upstreamPasses(row) };
      case 'running':
      case 'restarting':
        return { reasons: [], passing: ['it runs'] };
      default:
        return {
          reasons: [
            because('finished', `It has ended: ${row.state.replaceAll('_', ' ')}.`, { remedies: [this.#clear(row)] }),
          ],
          passing: [],
        };
    }
  }

  #later(row: InstanceRow, kind: Reason['kind'], fact: string): Reason {
    const due = this.#facts.timers.get(`${row.task}.${row.index}`) ?? null;
    return because(kind, fact, { until: isoOrNull(due), remedies: [this.#clear(row)] });
  }

  #clear(row: InstanceRow) {
    const { id } = this.#found.version.spec.tasks[row.task]!;
    return remedyOf('clear', 'Clear it', {
      ...this.#at(row),
      command: `${this.#command('clear')} --task ${id}${row.index >= 0 ? ` --map-index ${row.index}` : ''}`,
    });
  }

  #at(row: Pick<InstanceRow, 'task' | 'index'>) {
    const { workflow, run, version } = this.#found;
    return {
      dag_id: workflow.name,
      dag_run_id: run.runId,
      task_id: version.spec.tasks[row.task]?.id ?? null,
      map_index: row.index,
    };
  }

  #command(verb: string): string {
    return `npx millrace runs ${verb} ${this.#found.workflow.name} ${this.#found.run.runId}`;
  }

  /** The upstream tasks that have not ended, each by name; then what the rule needs. */
  #upstream(row: InstanceRow): Reason[] {
    const { spec } = this.#found.version;
    const task = spec.tasks[row.task]!;
    const { expected, success, failed, skipped, upstreamFailed, removed } = row.counters;
    const done = success + failed + skipped + upstreamFailed + removed;
    const open = task.upstream.filter((from) => !isDone(this.#facts.states.get(from) ?? []));
    const needs = ruleNeeds(task.triggerRule, { done, success, expected: Math.max(expected, task.upstream.length) });
    const reasons = open.slice(0, NAMED).map((from) => {
      const { id } = spec.tasks[from]!;
      const states = this.#facts.states.get(from) ?? [];
      return because('upstream', `Upstream ${id} ${stateWords(states)}.`, {
        needs,
        remedies: [
          remedyOf('show_instance', `Show ${id}`, this.#at({ task: from, index: -1 })),
          remedyOf('mark_success', 'Mark it success', {
            ...this.#at({ task: from, index: -1 }),
            command: `${this.#command('mark')} success --task ${id}`,
          }),
        ],
      });
    });
    if (open.length > NAMED)
      reasons.push(because('upstream', `${open.length - NAMED} more of its upstream tasks have not ended.`, { needs }));
    const scope = row.counters.scope;
    const inScope = scope.success + scope.failed + scope.skipped + scope.removed;
    if (reasons.length === 0 && scope.expected > inScope) {
      reasons.push(
        because(
          'trigger_rule',
          task.teardown ? 'What it cleans up after has not ended.' : 'The setup of its scope has not ended.',
          { needs: `${inScope} of ${scope.expected} have.`, used: inScope, limit: scope.expected },
        ),
      );
    }
    if (reasons.length === 0)
      reasons.push(
        because('trigger_rule', `Its rule ${task.triggerRule} does not hold yet.`, {
          needs,
          used: done,
          limit: expected,
        }),
      );
    return reasons;
  }

  #upstreamPasses(row: InstanceRow): string[] {
    const { upstream, triggerRule } = this.#found.version.spec.tasks[row.task]!;
    return upstream.length === 0
      ? ['nothing is upstream']
      : [`${triggerRule} holds, ${many(upstream.length, 'upstream task')} done`];
  }

  async #line(row: InstanceRow): Promise<{ reasons: Reason[]; passing: string[] }> {
    const before = await this.#sources.store.readings.queuedBefore(row, COUNTED);
    const passing = [...this.#upstreamPasses(row), 'no limit holds it back'];
    if (before === 0) return { reasons: [], passing };
    const fact =
      before === 1
        ? '1 task instance is before it, and every worker is busy.'
        : `${before}${before >= COUNTED ? ' or more' : ''} task instances are before it, and every worker is busy.`;
    return {
      reasons: [
        because('queued', fact, {
          ahead: before,
          since: isoOrNull(row.queuedAt),
          needs: 'It starts when a worker is free for it.',
          remedies: [remedyOf('start_workers', 'More workers', { command: 'npx millrace start --workers 8' })],
        }),
      ],
      passing,
    };
  }

  async #parked(row: InstanceRow, key: string): Promise<{ reasons: Reason[]; passing: string[] }> {
    const { readings } = this.#sources.store;
    const [limits, ahead] = await Promise.all([readings.limits(), readings.parkedBefore(row, COUNTED)]);
    const use = limits.find((limit) => limit.key === key);
    const used = use?.used ?? 0;
    const since = isoOrNull(row.queuedAt);
    const wait = ahead === 0 ? 'it is the next' : `${ahead} wait before it`;
    const passing = this.#upstreamPasses(row);
    const { workflow, run, version } = this.#found;
    const task = version.spec.tasks[row.task]!;
    if (key.startsWith('pool:')) {
      const pool = (await readings.pools()).find(({ name }) => key === limitKeys.pool(name));
      const size = pool?.slots ?? null;
      const free = size === null ? 0 : Math.max(0, size - used);
      const more = size === null ? null : Math.ceil(Math.max(size + 1, size * 1.25));
      const fact =
        size === null
          ? `Its pool ${row.pool} is not there.`
          : `Pool ${row.pool} has ${free} of ${many(size, 'slot')} free, ${wait}.`;
      return {
        passing,
        reasons: [
          because('pool', fact, {
            needs: row.slots > 1 ? `It needs ${row.slots} slots.` : null,
            used,
            limit: size,
            ahead,
            since,
            holders: await this.#holders(row.pool),
            remedies:
              more === null
                ? []
                : [
                    remedyOf('raise_pool', `Raise to ${more}`, {
                      command: `npx millrace pools set ${row.pool} ${more}`,
                    }),
                    remedyOf('see_holders', 'See what runs'),
                  ],
          }),
        ],
      };
    }
    if (key === limitKeys.paused(workflow.id)) {
      const because_ = workflow.paused
        ? `${workflow.name} is paused.`
        : `No pipeline file defines ${workflow.name} now.`;
      const remedies = workflow.paused
        ? [
            remedyOf('unpause', 'Make it active', {
              dag_id: workflow.name,
              command: `npx millrace dags unpause ${workflow.name}`,
            }),
          ]
        : [];
      return { passing, reasons: [because(workflow.paused ? 'paused' : 'not_loaded', because_, { since, remedies })] };
    }
    const [what, size] = limitWords(key, {
      run: run.id,
      task: row.task,
      workflow: workflow.id,
      maxActiveTasks: version.spec.maxActiveTasks,
      taskSpec: task,
    });
    const running = await readings.runningTasks(run.id);
    return {
      passing,
      reasons: [
        because('limit', `${used} of ${size ?? '?'} ${what} run, ${wait}.`, {
          needs: 'It starts when one of them ends.',
          used,
          limit: size,
          ahead,
          since,
          holders: running.slice(0, HOLDERS).map((each) => ({
            dag_id: workflow.name,
            dag_run_id: run.runId,
            task_id: version.spec.tasks[each.task]?.id ?? null,
            slots: each.instances,
          })),
          remedies: [remedyOf('see_holders', 'See what runs')],
        }),
      ],
    };
  }

  async #holders(pool: string): Promise<Reason['holders']> {
    const { readings, queries } = this.#sources.store;
    const held = await readings.poolHolders(pool, HOLDERS);
    const runs = new Map((await readings.runsOf([...new Set(held.map(({ run }) => run))])).map((run) => [run.id, run]));
    return await Promise.all(
      held.map(async ({ run, task, slots }) => {
        const row = runs.get(run);
        const version = row && (await queries.version(row.versionId));
        return {
          dag_id: version?.spec.id ?? '',
          dag_run_id: row?.runId ?? null,
          task_id: version?.spec.tasks[task]?.id ?? null,
          slots,
        };
      }),
    );
  }
}

const OVER = new Set(['success', 'failed', 'skipped', 'upstream_failed', 'removed']);

const isDone = (states: readonly TaskStateRow[]) => states.length > 0 && states.every(({ state }) => OVER.has(state));

/** `is running, attempt 2`, `has no state yet`, `has 3 of 50 done`. */
function stateWords(states: readonly TaskStateRow[]): string {
  const all = states.reduce((sum, { instances }) => sum + instances, 0);
  if (all > 1) {
    const done = states.filter(({ state }) => OVER.has(state)).reduce((sum, { instances }) => sum + instances, 0);
    return `has ${done} of ${all} instances done`;
  }
  const [only] = states;
  if (!only || only.state === 'none') return 'has no state yet';
  const number = only.attempt > 1 ? `, attempt ${only.attempt}` : '';
  return `is ${only.parked > 0 ? 'scheduled' : only.state.replaceAll('_', ' ')}${number}`;
}

function ruleNeeds(
  rule: TriggerRule,
  { done, success, expected }: { readonly done: number; readonly success: number; readonly expected: number },
): string {
  if (rule === 'one_success') return `one_success needs 1 of ${expected}, has ${success}.`;
  if (rule === 'one_done') return `one_done needs 1 of ${expected} done, has ${done}.`;
  if (rule === 'one_failed') return `one_failed needs 1 of ${expected} failed.`;
  if (rule === 'all_success') return `all_success needs ${expected} of ${expected} done, has ${success}.`;
  return `${rule} needs ${expected} of ${expected} ended, has ${done}.`;
}

interface LimitAbout {
  readonly run: number;
  readonly task: number;
  readonly workflow: number;
  readonly maxActiveTasks: number | null;
  readonly taskSpec: {
    readonly id: string;
    readonly maxActivePerDag: number | null;
    readonly maxActivePerRun: number | null;
  };
}

function limitWords(
  key: string,
  { run, task, workflow, maxActiveTasks, taskSpec }: LimitAbout,
): readonly [string, number | null] {
  if (key === limitKeys.run(run)) return ['task instances of this run', maxActiveTasks];
  if (key === limitKeys.taskInRun(run, task))
    return [`instances of ${taskSpec.id} in this run`, taskSpec.maxActivePerRun];
  if (key === limitKeys.task(workflow, taskSpec.id)) return [`instances of ${taskSpec.id}`, taskSpec.maxActivePerDag];
  return [`of ${key}`, null];
}
