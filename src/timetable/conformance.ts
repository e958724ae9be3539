import { checkAssetCondition } from './conformance/asset-condition.ts';
import { DIFFERENCES } from './conformance/differences.ts';
import { checkLimits } from './conformance/limits.ts';
import { checkMapping } from './conformance/mapping.ts';
import { checkRunId } from './conformance/new-run.ts';
import { checkAlign, checkParse, checkSteps } from './conformance/schedules.ts';
import type { Case, Verdict } from './conformance/verdict.ts';

export type { Case, Verdict } from './conformance/verdict.ts';
export { DIFFERENCES };

/**
 * Runs one case of Airflow's behaviour through the timetables. Each kind has its own form of input; the files say
 * which kind they are.
 */
export type Check = (each: Case<unknown, unknown>) => Verdict;

/** The checks by kind of case. */
export const TIMETABLE_CHECKS: Readonly<Record<string, Check>> = {
  'cron-trigger': checkSteps as Check,
  'cron-interval': checkSteps as Check,
  delta: checkSteps as Check,
  'multi-cron': checkSteps as Check,
  events: checkSteps as Check,
  simple: checkSteps as Check,
  'cron-align': checkAlign as Check,
  'cron-parse': checkParse as Check,
  'schedule-mapping': checkMapping as Check,
  'next-run-limits': checkLimits as Check,
  'run-id': checkRunId as Check,
  'asset-condition': checkAssetCondition as Check,
};

/** The documented differences that a case falls under. */
export function differencesOf(kind: string, each: Case<unknown, unknown>) {
  return DIFFERENCES.filter((difference) => difference.kind === kind && difference.applies(each.input as never));
}
