import type { Expected, RestRequest } from './rest-case.ts';

/** Where an answer differs from Airflow's on purpose: a rule on the request, and why. Each has its line in docs/FROM_AIRFLOW.md. */
export interface RestDifference {
  readonly reason: string;
  applies(request: RestRequest, expected: Expected): boolean;
}

export const REST_DIFFERENCES: readonly RestDifference[] = [];
