import type { WorkflowSpec } from '../../src/model/spec.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every how many milliseconds, and how long after the full day, these schedules tick. */
const TICKS: Readonly<Record<string, readonly [every: number, after: number]>> = {
  '0 * * * *': [HOUR, 0],
  '30 * * * *': [HOUR, 30 * MINUTE],
  '0 */4 * * *': [4 * HOUR, 0],
  '15 6 * * *': [DAY, 6 * HOUR + 15 * MINUTE],
};

const WIDE_RUNS = 50;
const MAPPED_RUNS = 6;
/** 90 days of the daily ones, 50 of those that come every four hours; the hourly ones are what is left. */
const MOST_RUNS: Readonly<Record<number, number>> = { [DAY]: 90, [4 * HOUR]: 300, [HOUR]: Number.POSITIVE_INFINITY };
/** Of a hundred runs. */
const FAILED = 2;
/** The latest run of one workflow in so many has failed. */
const FAILS_NOW = 20;

/** A run that the engine made, with the number of its instances. */
export interface SampleRun {
  readonly id: number;
  readonly instances: number;
  /** From the moment it was queued to its end, in milliseconds. */
  readonly took: number;
}

export interface Sample {
  readonly workflowId: number;
  readonly name: string;
  readonly schedule: WorkflowSpec['schedule'];
  readonly good: SampleRun;
  readonly bad: SampleRun;
}

/** A run of the history: a sample's, at another time and on another scale. */
export interface PlannedRun {
  readonly sample: number;
  readonly workflowId: number;
  readonly instances: number;
  readonly queuedAt: number;
  readonly isScheduled: boolean;
  /** What the sample's durations are multiplied by. */
  readonly scale: number;
}

/** Runs with so many instances in all, the oldest first; the same for the same samples and time. */
export function historyPlan(samples: readonly Sample[], instances: number, now: number): readonly PlannedRun[] {
  const chance = chances();
  const planned: PlannedRun[] = [];
  let left = instances;
  const add = (sample: Sample, back: number) => {
    const tick = ticksOf(sample);
    const isBad = back === 0 ? chance() * FAILS_NOW < 1 || sample.name === 'mapped' : chance() * 100 < FAILED;
    const run = isBad ? sample.bad : sample.good;
    if (run.instances > left) return false;
    left -= run.instances;
    const seconds = sample.name === 'mapped' ? 900 : sample.name === 'wide' ? 600 : 40 + 30 * (sample.workflowId % 9);
    planned.push({
      sample: run.id,
      workflowId: sample.workflowId,
      instances: run.instances,
      queuedAt: tick ? latestTick(tick, now) - back * tick[0] : now - 2 * HOUR - back * DAY,
      isScheduled: tick !== null,
      scale: ((seconds * SECOND) / run.took) * (0.7 + 0.6 * chance()),
    });
    return true;
  };
  const of = (name: string, count: number) => {
    for (let back = 0; back < count; back++) add(samples.find((each) => each.name === name)!, back);
  };
  of('wide', WIDE_RUNS);
  of('mapped', MAPPED_RUNS);
  const small = samples.filter(({ name }) => name !== 'wide' && name !== 'mapped');
  for (let back = 0, added = true; added; back++) {
    added = false;
    for (const sample of small) if (back < MOST_RUNS[ticksOf(sample)![0]]!) added = add(sample, back) || added;
  }
  return planned.sort((a, b) => a.queuedAt - b.queuedAt);
}

function ticksOf({ schedule }: Sample): readonly [every: number, after: number] | null {
  return schedule.kind === 'cron' ? TICKS[schedule.expressions[0]!]! : null;
}

/** The last one that leaves a run the time to be over. */
function latestTick([every, after]: readonly [number, number], now: number): number {
  const midnight = Math.floor(now / DAY) * DAY;
  return midnight + after + Math.floor((now - 20 * MINUTE - midnight - after) / every) * every;
}

/** Numbers from 0 to 1 that look like chance and are always the same (a linear congruential generator). */
function chances(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
