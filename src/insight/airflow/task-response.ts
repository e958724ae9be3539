import type { z } from 'zod';
import type { task } from '../../api/contract/airflow/dag-parts.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { isoOrNull } from '../iso.ts';

export type TaskAnswer = z.infer<typeof task>;

/** The tasks of a version, in the order in which they are drawn. */
export function taskResponses(spec: WorkflowSpec): TaskAnswer[] {
  return spec.tasks.map((each) => ({
    task_id: each.id,
    task_display_name: each.id,
    owner: spec.owner,
    start_date: isoOrNull(spec.startDate),
    end_date: isoOrNull(spec.endDate),
    trigger_rule: each.triggerRule,
    depends_on_past: each.dependsOnPast,
    wait_for_downstream: each.waitForDownstream,
    retries: each.retries,
    queue: each.queue,
    pool: each.pool,
    pool_slots: each.poolSlots,
    execution_timeout: timeDelta(each.timeout),
    retry_delay: timeDelta([each.retryDelay].flat()[0] ?? null),
    retry_exponential_backoff: each.retryBackoff,
    priority_weight: each.priorityWeight,
    weight_rule: each.weightRule,
    ui_color: null,
    ui_fgcolor: null,
    template_fields: null,
    downstream_task_ids: each.downstream.map((to) => spec.tasks[to]!.id).sort(),
    doc_md: each.docs,
    operator_name: each.kind,
    params: {},
    class_ref: null,
    is_mapped: each.mapping !== null,
    extra_links: [],
  }));
}

const DAY_MS = 86_400_000;

function timeDelta(ms: number | null): TaskAnswer['retry_delay'] {
  if (ms === null) return null;
  const inDay = ms % DAY_MS;
  const seconds = Math.floor(inDay / 1000);
  return {
    __type: 'TimeDelta',
    days: Math.floor(ms / DAY_MS),
    seconds,
    microseconds: Math.round((inDay - seconds * 1000) * 1000),
  };
}
