import type { Workflow } from '../live/types.ts';

/** Nothing is planned while as many runs go on as may: the next one comes when one of them ends. */
export const waitsForRun = ({
  schedule,
  next_run: next,
  active_runs: active,
  max_active_runs: most,
}: Pick<Workflow, 'schedule' | 'next_run' | 'active_runs' | 'max_active_runs'>): boolean =>
  next === null && schedule.text !== null && most !== null && active >= most;
