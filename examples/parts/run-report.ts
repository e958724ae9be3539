import type { RunEvent } from './run-pipeline.ts';
import type { Place } from './world.ts';

/** Writes a run down for people, one line an event, as it happens. */
export class RunReport {
  readonly #startedAt: number;

  /** Times are counted from here, in milliseconds since 1970. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** The event's line, or undefined for one that is no news. */
  line(event: RunEvent): string | undefined {
    const time = seconds(event.at - this.#startedAt).padStart(8);
    if (event.kind === 'run') return `${time}  run ${event.state}`;
    const { task, mapIndex, state, attempt, maxAttempts, duration, reason } = event;
    if (['none', 'scheduled', 'queued'].includes(state)) return undefined;
    // Of a mapped task with many instances the ends are enough.
    if (state === 'running' && mapIndex >= 0) return undefined;
    const name = mapIndex < 0 ? task : `${task}[${mapIndex}]`;
    const details = [
      attempt > 1 || (attempt === 1 && reason !== undefined && state !== 'success')
        ? `attempt ${attempt} of ${maxAttempts}`
        : '',
      duration === undefined ? '' : seconds(duration),
      reason ?? '',
    ].filter((detail) => detail !== '');
    return `${time}  ${name.padEnd(20)}  ${state.padEnd(12)}  ${details.join('  ')}`.trimEnd();
  }
}

export const seconds = (milliseconds: number) => `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;

/** "Where to look", one line a place. */
export function describePlaces(places: readonly Place[]): string {
  const width = Math.max(...places.map(({ what }) => what.length));
  return places.map(({ what, where }) => `  ${what.padEnd(width)}  ${where}`).join('\n');
}
