import { z } from 'zod';

/** Airflow's bulk requests: several actions on entries of one kind, each of which succeeds or fails as a whole. */
export function bulkBody<C extends z.ZodType, U extends z.ZodType>(created: C, updated: U) {
  const onNone = z.enum(['fail', 'skip']).default('fail');
  return z.strictObject({
    actions: z.array(
      z.discriminatedUnion('action', [
        z.strictObject({
          action: z.literal('create'),
          entities: z.array(created),
          action_on_existence: z.enum(['fail', 'skip', 'overwrite']).default('fail'),
        }),
        z.strictObject({
          action: z.literal('update'),
          entities: z.array(updated),
          update_mask: z.array(z.string()).nullish(),
          action_on_non_existence: onNone,
        }),
        z.strictObject({
          action: z.literal('delete'),
          entities: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
          action_on_non_existence: onNone,
        }),
      ]),
    ),
  });
}

const result = z
  .object({
    success: z.array(z.string()),
    errors: z.array(z.object({ error: z.string(), status_code: z.int() })),
  })
  .nullable();

export const bulkAnswer = z.object({ create: result, update: result, delete: result }).meta({ id: 'BulkResponse' });
export type BulkAnswer = z.infer<typeof bulkAnswer>;

export interface BulkVerbs<C, U> {
  /** What the entries are called, in messages. */
  readonly noun: string;
  /** Keys that there are now. */
  known(): Promise<ReadonlySet<string>>;
  keyOf(entity: C | U): string;
  /** Null: entries of this kind cannot be made, or deleted, this way. */
  readonly put: ((entity: C) => Promise<void>) | null;
  update(entity: U, mask: readonly string[] | undefined): Promise<void>;
  readonly remove: ((key: string) => Promise<void>) | null;
  /** What is told of an entry that succeeded; default: its key. */
  readonly told?: (key: string) => string;
  /** Whether an action sees what those before it have done. */
  readonly sees: 'as it is' | 'as it was';
}

type Body<C, U> = {
  readonly actions: readonly (
    | { readonly action: 'create'; readonly entities: readonly C[]; readonly action_on_existence: string }
    | {
        readonly action: 'update';
        readonly entities: readonly U[];
        readonly update_mask?: readonly string[] | null | undefined;
        readonly action_on_non_existence: string;
      }
    | {
        readonly action: 'delete';
        readonly entities: readonly (string | Readonly<Record<string, unknown>>)[];
        readonly action_on_non_existence: string;
      }
  )[];
};

export async function doBulk<C, U>({ actions }: Body<C, U>, verbs: BulkVerbs<C, U>): Promise<BulkAnswer> {
  const answer: BulkAnswer = { create: null, update: null, delete: null };
  const { told = (key: string) => key, noun } = verbs;
  const before = await verbs.known();
  for (const action of actions) {
    const known = verbs.sees === 'as it was' ? before : await verbs.known();
    answer[action.action] ??= { success: [], errors: [] };
    const { success, errors } = answer[action.action]!;
    const missing = (keys: readonly string[]) => keys.filter((key) => !known.has(key));
    if (action.action === 'create') {
      if (!verbs.put) {
        errors.push({ error: `A ${noun} cannot be made this way.`, status_code: 405 });
        continue;
      }
      const existing = action.entities.map(verbs.keyOf).filter((key) => known.has(key));
      if (action.action_on_existence === 'fail' && existing.length > 0) {
        errors.push({ error: `There is a ${noun} already: ${existing.join(', ')}.`, status_code: 409 });
        continue;
      }
      for (const entity of action.entities) {
        const key = verbs.keyOf(entity);
        if (action.action_on_existence === 'skip' && known.has(key)) continue;
        await verbs.put(entity);
        success.push(told(key));
      }
      continue;
    }
    const keyed =
      action.action === 'update'
        ? action.entities.map((entity) => ({ key: verbs.keyOf(entity), entity }))
        : action.entities.map((each) => ({ key: typeof each === 'string' ? each : String(Object.values(each)[0]) }));
    const none = missing(keyed.map(({ key }) => key));
    if (action.action_on_non_existence === 'fail' && none.length > 0) {
      errors.push({ error: `There is no ${noun} ${none.join(', ')}.`, status_code: 404 });
      continue;
    }
    if (action.action === 'delete' && !verbs.remove) {
      errors.push({ error: `A ${noun} cannot be deleted this way.`, status_code: 405 });
      continue;
    }
    for (const each of keyed) {
      if (none.includes(each.key)) continue;
      if ('entity' in each) await verbs.update(each.entity as U, maskOf(action));
      else await verbs.remove?.(each.key);
      success.push(told(each.key));
    }
  }
  return answer;
}

function maskOf(action: object): readonly string[] | undefined {
  return 'update_mask' in action && Array.isArray(action.update_mask) ? (action.update_mask as string[]) : undefined;
}
