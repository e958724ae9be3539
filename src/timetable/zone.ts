import { MillraceError } from '../model/errors.ts';
import { DAY, HOUR, MINUTE } from './span.ts';

/**
 * A time zone: between instants (milliseconds since the epoch) and local times, which are written as the instant at
 * which a clock in UTC shows the same date and time.
 */
export interface Zone {
  readonly name: string;
  /** Milliseconds that local time is ahead of UTC at this instant. */
  offsetAt(instant: number): number;
  toLocal(instant: number): number;
  /**
   * The instant of a local time. A local time that occurs twice means the second time; one that is skipped means the
   * time as far after the gap as it lies inside it (02:30 becomes 03:30). Both as in Airflow.
   */
  toInstant(local: number): number;
}

const zones = new Map<string, Zone>();

/** The zone of an IANA name or a fixed offset such as '+02:00'. Throws `unknown_timezone`. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const fixed = fixedOffset(name);
  const made = fixed === undefined ? new RuledZone(name, formatFor(name)) : new FixedZone(name, fixed);
  zones.set(name, made);
  return made;
}

function fixedOffset(name: string): number | undefined {
  if (name === 'UTC' || name === 'Etc/UTC' || name === 'Z') return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (!match || Number(match[2]) > 23 || Number(match[3]) > 59) return undefined;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * HOUR + Number(match[3]) * MINUTE);
}

function formatFor(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new MillraceError('unknown_timezone', `There is no time zone ${JSON.stringify(name)}`, {
      fix: "Use a name of the IANA time zone database, such as 'Europe/Zurich' or 'UTC'.",
      cause,
    });
  }
}

class FixedZone implements Zone {
  readonly name: string;
  readonly #offset: number;

  constructor(name: string, offset: number) {
    this.name = name;
    this.#offset = offset;
  }

  offsetAt(): number {
    return this.#offset;
  }

  toLocal(instant: number): number {
    return instant + this.#offset;
  }

  toInstant(local: number): number {
    return local - this.#offset;
  }
}

/** A stretch of time, [from, to), in which the offset does not change. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Offsets are asked of Intl for a block of time at once, because one question costs microseconds. */
const BLOCK = 512 * DAY;
/** Two changes of a zone's offset are further apart than this, so that probing at this distance finds each of them. */
const PROBE = 4 * DAY;

class RuledZone implements Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #blocks = new Map<number, readonly Stretch[]>();
  #latest: Stretch = { from: 0, to: 0, offset: 0 };

  constructor(name: string, format: Intl.DateTimeFormat) {
    this.name = name;
    this.#format = format;
  }

  offsetAt(instant: number): number {
    const latest = this.#latest;
    if (instant >= latest.from && instant < latest.to) return latest.offset;
    const number = Math.floor(instant / BLOCK);
    let block = this.#blocks.get(number);
    if (!block) {
      block = this.#probeBlock(number * BLOCK);
      this.#blocks.set(number, block);
    }
    const found = block.find((stretch) => instant < stretch.to) as Stretch;
    this.#latest = found;
    return found.offset;
  }

  toLocal(instant: number): number {
    return instant + this.offsetAt(instant);
  }

  toInstant(local: number): number {
    const before = this.offsetAt(local - DAY);
    const after = this.offsetAt(local + DAY);
    if (before === after) return local - before;
    const early = local - Math.max(before, after);
    const late = local - Math.min(before, after);
    if (this.toLocal(late) === local || this.toLocal(early) !== local) return late;
    return early;
  }

  #probeBlock(start: number): Stretch[] {
    const stretches: Stretch[] = [];
    let from = start;
    let offset = this.#askOffset(start);
    for (let at = start; at < start + BLOCK; at += PROBE) {
      const next = this.#askOffset(at + PROBE);
      if (next === offset) continue;
      let low = at;
      let high = at + PROBE;
      while (high - low > 1000) {
        const middle = Math.floor((low + high) / 2000) * 1000;
        if (this.#askOffset(middle) === offset) low = middle;
        else high = middle;
      }
      stretches.push({ from, to: high, offset });
      from = high;
      offset = next;
    }
    stretches.push({ from, to: start + BLOCK, offset });
    return stretches;
  }

  #askOffset(instant: number): number {
    const fields: Record<string, number> = {};
    for (const part of this.#format.formatToParts(instant)) fields[part.type] = Number(part.value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  }
}
