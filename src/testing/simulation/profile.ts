import type { Random } from './random.ts';

/** How a simulation goes: what is drawn first from its seed. Probabilities are per opportunity, times milliseconds. */
export interface Profile {
  readonly peers: 'none' | 'leases';
  readonly servers: number;
  readonly leaseMs: number;
  /** How long faults and people go on. */
  readonly activeMs: number;
  readonly workflows: number;
  readonly mostTasks: number;
  readonly capacity: number;
  /** How often a verb inside of a transaction is a point at which others go on, or the server dies. */
  readonly verbPoint: number;
  readonly commitFails: number;
  readonly commitUnknown: number;
  readonly commitDelayed: number;
  readonly bodyAgain: number;
  readonly crashAtCommit: number;
  readonly workerDies: number;
  readonly diesSilently: number;
  readonly reportTwice: number;
  readonly reportLate: number;
  /** Faults and acts of people in the active time. */
  readonly crashes: number;
  readonly gracefulStops: number;
  readonly pauses: number;
  readonly outages: number;
  readonly clockJumps: number;
  readonly peopleActs: number;
}

export function drawProfile(random: Random, faults: boolean): Profile {
  const two = random.chance(0.5);
  const activeMs = random.int(60, 180) * 1000;
  const some = (most: number) => (faults && random.chance(0.6) ? random.int(1, most) : 0);
  const rare = (most: number) => (faults && random.chance(0.5) ? random.next() * most : 0);
  return {
    peers: two ? 'leases' : 'none',
    servers: two ? 2 : 1,
    leaseMs: random.pick([6000, 15_000, 30_000]),
    activeMs,
    workflows: random.int(1, 3),
    mostTasks: random.pick([3, 6, 12]),
    capacity: random.pick([1, 3, 8, 64]),
    verbPoint: random.pick([0, 0.02, 0.3]),
    commitFails: rare(0.05),
    commitUnknown: rare(0.05),
    commitDelayed: rare(0.1),
    bodyAgain: rare(0.05),
    crashAtCommit: rare(0.005),
    workerDies: rare(0.15),
    diesSilently: rare(0.1),
    reportTwice: rare(0.3),
    reportLate: rare(0.3),
    crashes: some(3),
    gracefulStops: some(2),
    pauses: two ? some(2) : 0,
    outages: some(2),
    clockJumps: some(2),
    peopleActs: random.int(3, 18),
  };
}
