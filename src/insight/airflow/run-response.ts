import type { z } from 'zod';
import type { dagRun, dagVersion } from '../../api/contract/airflow/dag-run.ts';
import type { RunRow, VersionRow } from '../../store/rows.ts';
import { iso, isoOrNull } from '../iso.ts';
import { seconds } from '../usual.ts';

export type DagRun = z.infer<typeof dagRun>;

export function versionResponse(version: VersionRow): z.infer<typeof dagVersion> {
  const { id } = version.spec;
  return {
    id: versionUuid(version.id),
    version_number: version.number,
    dag_id: id,
    bundle_name: 'millrace',
    bundle_version: version.bundleHash,
    created_at: iso(version.createdAt),
    dag_display_name: id,
    bundle_url: null,
  };
}

/** Airflow's versions have uuids: ours is made of the number, so that it is the same each time. */
const versionUuid = (id: number) => `00000000-0000-4000-8000-${id.toString(16).padStart(12, '0')}`;

/** Airflow's words for who starts runs; of people by their names, the API. */
const TRIGGERED_BY: Readonly<Record<string, string>> = {
  backfill: 'backfill',
  cli: 'cli',
  program: 'operator',
  test: 'test',
  timetable: 'timetable',
};

export function runResponse(run: RunRow, version: VersionRow): DagRun {
  const { id } = version.spec;
  return {
    dag_run_id: run.runId,
    dag_id: id,
    logical_date: isoOrNull(run.logicalDate),
    queued_at: iso(run.queuedAt),
    start_date: isoOrNull(run.startedAt),
    end_date: isoOrNull(run.endedAt),
    duration: run.startedAt === null || run.endedAt === null ? null : seconds(run.endedAt - run.startedAt),
    data_interval_start: isoOrNull(run.intervalStart),
    data_interval_end: isoOrNull(run.intervalEnd),
    run_after: iso(run.runAfter),
    last_scheduling_decision: isoOrNull(run.startedAt),
    run_type: run.type,
    state: run.state,
    triggered_by: run.backfillId !== null ? 'backfill' : (TRIGGERED_BY[run.triggeredBy] ?? 'rest_api'),
    triggering_user_name: run.triggeredBy,
    conf: JSON.parse(run.conf) as Record<string, unknown>,
    note: run.note,
    dag_versions: [versionResponse(version)],
    bundle_version: version.bundleHash,
    dag_display_name: id,
    partition_key: null,
    partition_date: null,
  };
}
