import { z } from 'zod';
import { limitKeys } from '../../engine/limits.ts';
import { putPool } from '../../engine/operations.ts';
import { MillraceError } from '../../model/errors.ts';
import type { LimitRow, PoolRow } from '../../store/rows.ts';
import { act } from '../acting.ts';
import { bulkAnswer, bulkBody, doBulk } from '../bulk.ts';
import { pool, poolBody, poolPatch, pools as poolsAnswer } from '../contract/airflow/registers.ts';
import { beginsWith, likes, type Orders, ordered, pageOf } from '../list.ts';
import { AlreadyThere, Unfit } from '../problem.ts';
import { limit, listed, offset } from '../query.ts';
import { type ApiParts, OP, type Routes, VIEWER } from '../route.ts';

type Pool = z.infer<typeof pool>;

const DEFAULT_POOL = 'default_pool';
const ORDERS: Orders<Pool> = { id: ({ name }) => name, name: ({ name }) => name, pool: ({ name }) => name };

const filter = z.object({
  limit: limit(),
  offset,
  order_by: listed(z.string()).default(['id']),
  pool_name_pattern: z.string().optional(),
  pool_name_prefix_pattern: z.string().optional(),
});
const one = z.object({ pool_name: z.string() });
const masked = z.object({ update_mask: listed(z.string()).optional() });

/** Pools: how many tasks may use a resource at once. */
export const pools: Routes = (api, parts) => {
  const put = (row: PoolRow) => act(parts, (e) => putPool(e, row));
  const remove = (name: string) => {
    if (name === DEFAULT_POOL) throw new MillraceError('invalid_argument', `${DEFAULT_POOL} cannot be deleted`);
    return act(parts, ({ tx }) => tx.pools.remove(name));
  };
  const named = async (name: string) => {
    const row = (await parts.store.readings.pools()).find((each) => each.name === name);
    if (!row) throw new MillraceError('not_found', `The Pool with name: \`${name}\` was not found`);
    return row;
  };

  api.get(
    '/pools',
    { config: VIEWER, schema: { querystring: filter, response: { 200: poolsAnswer } } },
    async ({ query }) => {
      const all = await respond(parts, await parts.store.readings.pools());
      const wanted = all.filter(
        ({ name }) => likes(name, query.pool_name_pattern) && beginsWith(name, query.pool_name_prefix_pattern),
      );
      return { pools: pageOf(ordered(wanted, query.order_by, ORDERS), query), total_entries: wanted.length };
    },
  );

  api.get(
    '/pools/:pool_name',
    { config: VIEWER, schema: { params: one, response: { 200: pool } } },
    async ({ params }) => (await respond(parts, [await named(params.pool_name)]))[0]!,
  );

  api.post('/pools', { config: OP, schema: { body: poolBody, response: { 201: pool } } }, async ({ body }, reply) => {
    const isThere = (await parts.store.readings.pools()).some(({ name }) => name === body.name);
    if (isThere) throw new AlreadyThere(`There is a pool '${body.name}' already`);
    await put(rowOf(body));
    return reply.status(201).send((await respond(parts, [rowOf(body)]))[0]!);
  });

  api.patch(
    '/pools/:pool_name',
    { config: OP, schema: { params: one, querystring: masked, body: poolPatch, response: { 200: pool } } },
    async ({ params, query, body }) => {
      const before = await findForPatch(params.pool_name, { query, body });
      const changed = patched(before, body, query.update_mask);
      await put(changed);
      return (await respond(parts, [changed]))[0]!;
    },
  );

  const findForPatch = async (name: string, { query, body }: { query: z.infer<typeof masked>; body: Patch }) => {
    const mask = query.update_mask ?? [];
    if (name === DEFAULT_POOL) {
      const isSlots = mask.length > 0 && mask.every((each) => each === 'slots' || each === 'include_deferred');
      if (!isSlots)
        throw new MillraceError('invalid_argument', `Only slots and include_deferred of ${name} can change`);
    } else {
      const given = body.pool ?? body.name;
      if (given === undefined || given === null) throw new Unfit(['body', 'pool'], 'Field required');
      if (body.slots === undefined || body.slots === null) throw new Unfit(['body', 'slots'], 'Field required');
      const row = await named(name);
      if (given !== name)
        throw new MillraceError(
          'invalid_argument',
          'Invalid body, pool name from request body doesn’t match uri parameter',
        );
      return row;
    }
    return named(name);
  };

  api.patch(
    '/pools',
    { config: OP, schema: { body: bulkBody(poolBody, poolBody), response: { 200: bulkAnswer } } },
    async ({ body }) =>
      doBulk<z.infer<typeof poolBody>, z.infer<typeof poolBody>>(body, {
        noun: 'pool',
        sees: 'as it is',
        keyOf: ({ name }) => name,
        known: async () => new Set((await parts.store.readings.pools()).map(({ name }) => name)),
        put: (entity) => put(rowOf(entity)),
        update: async (entity, mask) => put(patched(await named(entity.name), entity, mask)),
        remove: async (name) => {
          await remove(name);
        },
      }),
  );

  api.delete(
    '/pools/:pool_name',
    { config: OP, schema: { params: one, response: { 204: z.null() } } },
    async ({ params }, reply) => {
      if (!(await remove(params.pool_name))) await named(params.pool_name);
      return reply.status(204).send(null);
    },
  );
};

type Patch = z.infer<typeof poolPatch>;

const rowOf = (body: z.infer<typeof poolBody>): PoolRow => ({
  name: body.name,
  slots: body.slots,
  description: body.description ?? '',
  includeDeferred: body.include_deferred,
});

function patched(before: PoolRow, body: Patch, mask: readonly string[] | undefined): PoolRow {
  const has = (field: keyof Patch) => body[field] !== undefined && (mask === undefined || mask.includes(field));
  return {
    name: before.name,
    slots: has('slots') ? (body.slots ?? before.slots) : before.slots,
    description: has('description') ? (body.description ?? '') : before.description,
    includeDeferred: has('include_deferred') ? (body.include_deferred ?? false) : before.includeDeferred,
  };
}

/** What is used is what runs; what waits for room is scheduled, in Airflow's words, and counted one slot each. */
async function respond({ store }: Pick<ApiParts, 'store'>, rows: readonly PoolRow[]): Promise<Pool[]> {
  const limits = new Map((await store.readings.limits()).map((row): [string, LimitRow] => [row.key, row]));
  return rows.map(({ name, slots, description, includeDeferred }) => {
    const { used = 0, parked = 0 } = limits.get(limitKeys.pool(name)) ?? {};
    return {
      name,
      slots,
      description: description === '' ? null : description,
      include_deferred: includeDeferred,
      occupied_slots: used,
      running_slots: used,
      queued_slots: 0,
      scheduled_slots: parked,
      open_slots: slots < 0 ? -1 : slots - used,
      deferred_slots: 0,
      team_name: null,
    };
  });
}
