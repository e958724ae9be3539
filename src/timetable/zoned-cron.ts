import { CronExpression } from './cron-expression.ts';
import { HOUR } from './span.ts';
import { type Zone, zoneOf } from './zone.ts';

/**
 * The ticks of a cron expression in a time zone, as instants, under Airflow's rules for changes of the clock. An
 * expression that ticks in every hour steps in absolute time: the repeated hour has its ticks, the skipped one has
 * none. Any other keeps to the wall clock: a repeated time ticks once (the second time), a skipped one ticks as long
 * after the gap as it lies inside it.
 */
export class ZonedCron {
  readonly expression: CronExpression;
  readonly zone: Zone;

  /** Throws `invalid_cron` or `unknown_timezone`. */
  constructor(expression: string, timezone: string) {
    this.expression = new CronExpression(expression);
    this.zone = zoneOf(timezone);
  }

  /** The first tick after the instant, or null: none ever follows. */
  next(instant: number): number | null {
    const local = this.zone.toLocal(instant);
    const tick = this.expression.next(local);
    if (tick === null) return null;
    return this.expression.everyHour ? instant + (tick - local) : this.zone.toInstant(tick);
  }

  /** The last tick before the instant, or null: none. Inside a repeated hour it may lie after the instant, as in Airflow. */
  previous(instant: number): number | null {
    const local = this.zone.toLocal(instant);
    const tick = this.expression.previous(local);
    if (tick === null) return null;
    return this.expression.everyHour ? instant - (local - tick) : this.zone.toInstant(tick);
  }

  /** The instant itself if it is a tick, else the next one. */
  alignNext(instant: number): number | null {
    const next = this.next(instant);
    return next !== null && this.previous(next) === instant ? instant : next;
  }

  /** The instant itself if it is a tick, else the previous one. */
  alignPrevious(instant: number): number | null {
    const previous = this.previous(instant);
    return previous !== null && this.next(previous) === instant ? instant : previous;
  }

  /**
   * The last tick that going forward comes to before the instant. It differs from `previous` next to a change of the
   * clock, where that one may answer with a later tick, or with one that going forward passes over.
   */
  lastBefore(instant: number): number | null {
    const guess = this.previous(instant);
    if (guess === null) return null;
    const calm = this.zone.offsetAt(guess) === this.zone.offsetAt(guess - LONGEST_CONFUSION);
    if (calm && guess < instant && (this.next(guess) ?? instant) >= instant) return guess;
    let tick = this.previous(Math.min(guess, instant) - LONGEST_CONFUSION);
    for (let next = tick && this.next(tick); next !== null && next < instant; next = this.next(next)) tick = next;
    return tick;
  }
}

/** A change of the clock by a whole day (Samoa, 2011) confuses `previous` for this long. */
const LONGEST_CONFUSION = 26 * HOUR;
