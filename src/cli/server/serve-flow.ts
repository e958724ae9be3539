import { dirname, resolve } from 'node:path';
import { systemClock as clock } from '../../model/clock.ts';
import { MillraceError } from '../../model/errors.ts';
import type { WorkflowSpec } from '../../model/spec.ts';
import { encodeValue } from '../../model/value.ts';
import { parseSchedule, type ScheduleInput } from '../../timetable/schedule.ts';
import { findHome } from '../home.ts';
import { jsonLine } from './log.ts';
import { serve } from './serve.ts';

export interface ServedFlow {
  /** The file that defines the flow. */
  readonly file: string;
  readonly flow: string;
  /** The deployment's name, for people. */
  readonly name: string;
  readonly cron?: string;
  /** Default 'UTC'. */
  readonly timezone?: string;
  /** One schedule, in place of `cron`. */
  readonly schedules?: readonly { readonly schedule: unknown; readonly params?: unknown }[];
  /** Params of the flow's runs, where a run is not given others. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Whether the flow is paused when it is first seen. */
  readonly paused?: boolean;
  /** Missed ticks: the latest gets its run (`one`, the default), or all do. */
  readonly catchup?: 'one' | 'all';
}

/**
 * Serves one flow in this process, with workers in others, until a signal tells it to stop: what Flow.serve() calls.
 * State is kept in the project's home folder. Throws `invalid_option`, `invalid_cron`, and what startServer does.
 */
export async function serveFlow(served: ServedFlow): Promise<void> {
  const { file, flow, name } = served;
  const home = findHome(dirname(file), { env: process.env });
  const amend = amendment(served);
  await serve(
    {
      home: home.folder,
      project: home.project,
      pipelines: [resolve(file)],
      watch: false,
      env: process.env,
      log: (entry) => process.stderr.write(`${jsonLine(clock.now(), entry)}\n`),
      amend: (spec) => (spec.id === flow ? amend(spec) : spec),
    },
    () => process.stderr.write(`flow '${flow}' is served as '${name}'\n`),
  );
}

/** What serving a flow changes in its spec. */
export function amendment(served: ServedFlow): (spec: WorkflowSpec) => WorkflowSpec {
  const { timezone = 'UTC', params = {}, paused = false, catchup = 'one' } = served;
  const input = scheduleOf(served);
  const schedule = parseSchedule(input, { timezone });
  const given = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, encodeValue(value)]));
  return (spec) => ({
    ...spec,
    schedule,
    timezone,
    catchup: catchup === 'all',
    pausedUponCreation: paused,
    params: { ...spec.params, defaults: { ...spec.params.defaults, ...given } },
  });
}

function scheduleOf({ flow, cron, schedules = [] }: ServedFlow): ScheduleInput {
  const [only, ...others] = schedules;
  if (only === undefined) return cron ?? null;
  if (others.length === 0 && cron === undefined && only.params === undefined) return only.schedule as ScheduleInput;
  throw new MillraceError(
    'invalid_option',
    `flow '${flow}' is served with several schedules, or one with its own params`,
    {
      fix: 'Give one schedule, and the params beside it: .serve({ name, cron, params }).',
    },
  );
}
