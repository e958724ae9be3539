/** What happened in simulations, added up: a search that did not meet any of it has shown nothing. */
export interface Totals {
  seeds: number;
  steps: number;
  commits: number;
  runs: number;
  attempts: number;
  /** Attempts and runs that ended. */
  ends: number;
  retries: number;
  losses: number;
  lateReports: number;
  crashes: number;
  pauses: number;
  outages: number;
  failedCommits: number;
  unknownOutcomes: number;
  repeatedBodies: number;
  clockJumps: number;
  takeovers: number;
  parked: number;
  expansions: number;
  cancelled: number;
  cleared: number;
  /** Bodies of flows' calls that began, and calls that were answered from the record. */
  calls: number;
  resumed: number;
  marked: number;
  backfills: number;
  backfillRuns: number;
}

export function zeroTotals(): Totals {
  return {
    seeds: 0,
    steps: 0,
    commits: 0,
    runs: 0,
    attempts: 0,
    ends: 0,
    retries: 0,
    losses: 0,
    lateReports: 0,
    crashes: 0,
    pauses: 0,
    outages: 0,
    failedCommits: 0,
    unknownOutcomes: 0,
    repeatedBodies: 0,
    clockJumps: 0,
    takeovers: 0,
    parked: 0,
    expansions: 0,
    cancelled: 0,
    cleared: 0,
    calls: 0,
    resumed: 0,
    marked: 0,
    backfills: 0,
    backfillRuns: 0,
  };
}

export function addTotals(sum: Totals, more: Totals): void {
  for (const name of Object.keys(sum) as (keyof Totals)[]) sum[name] += more[name];
}

/** At least so many of each in a hundred seeds; a simulation below that has not tested what it claims to. */
const FLOOR_OF_A_HUNDRED: Partial<Totals> = {
  runs: 300,
  attempts: 2000,
  retries: 100,
  losses: 100,
  lateReports: 20,
  crashes: 50,
  pauses: 10,
  outages: 20,
  failedCommits: 50,
  unknownOutcomes: 50,
  repeatedBodies: 20,
  clockJumps: 20,
  takeovers: 20,
  parked: 100,
  expansions: 50,
  cancelled: 10,
  cleared: 10,
  calls: 500,
  resumed: 5,
  marked: 5,
  backfills: 10,
  backfillRuns: 30,
};

/** What was met too seldom, as text; empty when all is well. Only told of searches of a hundred seeds and more. */
export function belowFloor(totals: Totals): string[] {
  if (totals.seeds < 100) return [];
  return Object.entries(FLOOR_OF_A_HUNDRED).flatMap(([name, floor]) => {
    const wanted = Math.floor((floor * totals.seeds) / 100);
    const met = totals[name as keyof Totals];
    return met >= wanted ? [] : [`${name}: ${met}, at least ${wanted} expected`];
  });
}
