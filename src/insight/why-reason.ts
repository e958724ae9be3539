import type { z } from 'zod';
import type { reason, remedy, waiting } from '../api/contract/why.ts';

export type Reason = z.infer<typeof reason>;
export type Remedy = z.infer<typeof remedy>;
export type Waiting = z.infer<typeof waiting>;

/** A reason with what is known of it; the rest is not. */
export function because(
  kind: Reason['kind'],
  fact: string,
  known: Partial<Omit<Reason, 'kind' | 'fact'>> = {},
): Reason {
  return {
    kind,
    fact,
    needs: null,
    until: null,
    since: null,
    used: null,
    limit: null,
    ahead: null,
    holders: [],
    remedies: [],
    ...known,
  };
}

export function remedyOf(
  kind: Remedy['kind'],
  label: string,
  known: Partial<Omit<Remedy, 'kind' | 'label'>> = {},
): Remedy {
  return {
    kind,
    label,
    dag_id: null,
    dag_run_id: null,
    task_id: null,
    map_index: null,
    pool: null,
    command: null,
    ...known,
  };
}
