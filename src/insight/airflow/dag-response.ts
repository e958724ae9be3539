import type { z } from 'zod';
import type { dag, dagDetails } from '../../api/contract/airflow/dag.ts';
import { decodeValue } from '../../model/value.ts';
import type { VersionRow } from '../../store/rows.ts';
import type { KnownWorkflow } from '../../store/store.ts';
import { timetableFor } from '../../timetable/timetable-for.ts';
import { iso, isoOrNull } from '../iso.ts';
import { scheduleWords } from '../schedule-words.ts';
import { versionResponse } from './run-response.ts';

export type Dag = z.infer<typeof dag>;
export type DagDetails = z.infer<typeof dagDetails>;

export function dagResponse(workflow: KnownWorkflow, brokenFiles: ReadonlySet<string>): Dag {
  const { spec, next, file } = workflow;
  const words = scheduleWords(spec);
  const { periodic } = timetableFor(spec.schedule);
  return {
    dag_id: workflow.name,
    dag_display_name: workflow.name,
    kind: workflow.kind,
    is_paused: workflow.paused,
    is_stale: !workflow.present,
    last_parsed_time: iso(workflow.createdAt),
    last_parse_duration: null,
    last_expired: null,
    bundle_name: 'millrace',
    bundle_version: workflow.bundleHash,
    relative_fileloc: file.split('/').at(-1) ?? file,
    fileloc: file,
    description: spec.description,
    timetable_summary: words.expression ?? words.text,
    timetable_description: words.text ?? 'Never, external triggers only',
    timetable_partitioned: false,
    timetable_periodic: periodic,
    tags: [...spec.tags].sort().map((name) => ({ name, dag_id: workflow.name, dag_display_name: workflow.name })),
    max_active_tasks: spec.maxActiveTasks ?? 16,
    max_active_runs: spec.maxActiveRuns,
    max_consecutive_failed_dag_runs: 0,
    has_task_concurrency_limits: spec.tasks.some(
      ({ maxActivePerDag, maxActivePerRun }) => maxActivePerDag !== null || maxActivePerRun !== null,
    ),
    has_import_errors: brokenFiles.has(file),
    next_dagrun_logical_date: isoOrNull(next?.logicalDate ?? null),
    next_dagrun_data_interval_start: isoOrNull(next?.intervalStart ?? null),
    next_dagrun_data_interval_end: isoOrNull(next?.intervalEnd ?? null),
    next_dagrun_run_after: isoOrNull(next?.runAfter ?? null),
    allowed_run_types: null,
    owners: [spec.owner],
    is_backfillable: periodic,
    file_token: Buffer.from(file).toString('base64url'),
  };
}

interface DetailsOf {
  readonly brokenFiles: ReadonlySet<string>;
  readonly version: VersionRow;
  readonly activeRuns: number;
}

export function detailsResponse(workflow: KnownWorkflow, { brokenFiles, version, activeRuns }: DetailsOf): DagDetails {
  const { spec } = workflow;
  return {
    ...dagResponse(workflow, brokenFiles),
    catchup: spec.catchup,
    dag_run_timeout: spec.runTimeout === null ? null : isoDuration(spec.runTimeout),
    asset_expression: null,
    doc_md: spec.docs,
    start_date: isoOrNull(spec.startDate),
    end_date: isoOrNull(spec.endDate),
    is_paused_upon_creation: spec.pausedUponCreation,
    params: paramsOf(workflow),
    render_template_as_native_obj: false,
    template_search_path: null,
    timezone: spec.timezone,
    last_parsed: iso(workflow.createdAt),
    default_args: {},
    rerun_with_latest_version: null,
    owner_links: {},
    is_favorite: false,
    active_runs_count: activeRuns,
    concurrency: spec.maxActiveTasks ?? 16,
    latest_dag_version: versionResponse(version),
    params_schema: spec.params.schema,
  };
}

/** ISO 8601: `P1DT2H30M`. */
function isoDuration(ms: number): string {
  const units = [
    ['D', Math.floor(ms / 86_400_000)],
    ['H', Math.floor(ms / 3_600_000) % 24],
    ['M', Math.floor(ms / 60_000) % 60],
    ['S', (ms % 60_000) / 1000],
  ] as const;
  const [days, ...times] = units.map(([unit, count]) => (count > 0 ? `${count}${unit}` : ''));
  const time = times.join('');
  return `P${days}${time === '' && days !== '' ? '' : `T${time === '' ? '0S' : time}`}`;
}

/** Each param with its default and its part of the schema. */
function paramsOf({ spec: { params } }: KnownWorkflow): DagDetails['params'] {
  const properties = (params.schema?.properties ?? {}) as Readonly<Record<string, Record<string, unknown>>>;
  const names = [...new Set([...Object.keys(properties), ...Object.keys(params.defaults)])];
  return Object.fromEntries(
    names.map((name) => {
      const schema = properties[name] ?? {};
      const text = params.defaults[name];
      const value = text === undefined ? null : jsonValue(decodeValue(text));
      const description = typeof schema.description === 'string' ? schema.description : null;
      return [name, { value, description, schema, source: null }];
    }),
  );
}

/** Defaults may be dates and the like: the form shows them as JSON would. */
const jsonValue = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));
