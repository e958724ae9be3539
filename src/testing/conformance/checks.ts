import { checkPriority, checkRetries, checkRunState, checkTriggerRules } from '../../model/conformance.ts';
import { TIMETABLE_CHECKS, DIFFERENCES as TIMETABLE_DIFFERENCES } from '../../timetable/conformance.ts';
import type { Case } from './dag-case.ts';
import { DIFFERENCES, type Difference } from './differences.ts';
import { checkReruns } from './reruns.ts';
import { checkMapping, checkRuns } from './runs.ts';
import { checkTemplateContext } from './template-context.ts';
import type { Verdict } from './verdict.ts';

type Check = (each: never) => Verdict | Promise<Verdict>;

/** A file of cases. */
export interface CaseFile {
  readonly kind: string;
  /** What they were taken from: `Apache Airflow 3.3.2`, `Prefect 3.8.8`. */
  readonly source: string;
  readonly cases: readonly Case[];
}

/** The checks of Airflow's cases, by kind. */
export const AIRFLOW_CHECKS: Readonly<Record<string, Check>> = {
  'trigger-rules': checkTriggerRules,
  retries: checkRetries,
  priority: checkPriority,
  'run-state': checkRunState,
  runs: (each: never) => checkRuns(each),
  mapping: (each: never) => checkMapping(each),
  reruns: checkReruns,
  'template-context': checkTemplateContext,
  ...TIMETABLE_CHECKS,
};

/** Each has its line in docs/FROM_AIRFLOW.md. */
export const AIRFLOW_DIFFERENCES: readonly Difference[] = [...DIFFERENCES, ...TIMETABLE_DIFFERENCES];

export type Finding =
  | { readonly result: 'agree' }
  | { readonly result: 'documented difference'; readonly differences: readonly Difference[] }
  | { readonly result: 'disagree'; readonly got: unknown };

/** Runs one case through the product. A kind without a check disagrees, and so does a case that throws. */
export async function examine({ kind, source }: Omit<CaseFile, 'cases'>, each: Case): Promise<Finding> {
  const check = source.includes('Airflow') ? AIRFLOW_CHECKS[kind] : undefined;
  if (!check) return { result: 'disagree', got: `there is no check for kind '${kind}' of ${source}` };
  const verdict = await verdictOf(check, each);
  if (verdict.agree) return { result: 'agree' };
  const differences = AIRFLOW_DIFFERENCES.filter(
    (difference) => difference.kind === kind && appliesTo(difference, each),
  );
  return differences.length > 0
    ? { result: 'documented difference', differences }
    : { result: 'disagree', got: verdict.got };
}

/** A case that cannot be read falls under no difference. */
function appliesTo(difference: Difference, each: Case): boolean {
  try {
    return difference.applies(each.input as never);
  } catch {
    return false;
  }
}

async function verdictOf(check: Check, each: Case): Promise<Verdict> {
  try {
    return await check(each as never);
  } catch (error) {
    return { agree: false, got: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
