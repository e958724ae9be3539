import type { z } from 'zod';
import type { attentionItem } from '../api/contract/attention.ts';

export type Item = z.infer<typeof attentionItem>;

/** What an item does not say otherwise. */
export const NOTHING = {
  dag_id: null,
  workflow_kind: null,
  dag_run_id: null,
  task_id: null,
  map_indexes: [] as number[],
  instances: 1,
  instances_of: 1,
  runs: 1,
  subject: null,
  detail: '',
};
