import type { RunType } from '../model/states.ts';

export interface RunIdParts {
  readonly type: RunType;
  /** Milliseconds since the epoch. Run ids carry the run-after, not the logical date. */
  readonly runAfter: number;
  /** For a workflow whose schedule is partitioned: the partition of this run, or null. */
  readonly partition?: { readonly key: string | null } | undefined;
  /** Makes the id unique where the date does not: asset-triggered and partitioned runs. */
  readonly random: string;
}

/** What a run id that a user chooses may consist of (Airflow's scheduler.allowed_run_id_pattern). */
export const ALLOWED_RUN_ID = /^[A-Za-z0-9_.~:+-]+$/;

/** The id of a new run, as Airflow makes it: `scheduled__2026-01-31T06:00:00+00:00`. */
export function runIdOf({ type, runAfter, partition, random }: RunIdParts): string {
  const id = `${type}__${isoInstant(runAfter)}`;
  if (partition) return [id, partition.key, random].filter((part) => part !== null).join('__');
  return type === 'asset_triggered' ? `${id}_${random}` : id;
}

/**
 * An instant in ISO 8601 with offset and without empty fractions, as Python writes it: 2026-01-31T06:00:00+00:00, or
 * 2026-01-31T06:00:00.250000+00:00.
 */
export function isoInstant(instant: number): string {
  const micros = Math.round(instant * 1000);
  const fraction = ((micros % 1e6) + 1e6) % 1e6;
  const seconds = new Date((micros - fraction) / 1000).toISOString().slice(0, 19);
  return `${seconds}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}+00:00`;
}
