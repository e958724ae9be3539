import { z } from 'zod';
import { type Connection, parseConnection } from '../../model/connection.ts';
import { MillraceError } from '../../model/errors.ts';
import { createMasker } from '../../model/mask.ts';
import type { SealedRow } from '../../store/rows.ts';
import { connectionSummary, parseSummary } from '../../vault/entry.ts';
import { bulkAnswer, bulkBody, doBulk } from '../bulk.ts';
import {
  connection,
  connectionBody,
  connections as connectionsAnswer,
  connectionTest,
} from '../contract/airflow/registers.ts';
import { beginsWith, likes, type Orders, ordered, pageOf, pythonJson } from '../list.ts';
import { AlreadyThere, Forbidden } from '../problem.ts';
import { limit, listed, offset } from '../query.ts';
import { OP, type Routes } from '../route.ts';
import { type OpenEntry, SealedRegister } from '../sealed-register.ts';

type Body = z.infer<typeof connectionBody>;
type Shown = z.infer<typeof connection>;

const summary = (row: SealedRow) => parseSummary(row.summary);
const ORDERS: Orders<SealedRow> = {
  id: ({ name }) => name,
  connection_id: ({ name }) => name,
  conn_id: ({ name }) => name,
  conn_type: (row) => summary(row).type ?? null,
  description: (row) => summary(row).description ?? null,
  host: (row) => summary(row).host ?? null,
  port: (row) => summary(row).port ?? null,
};

const filter = z.object({
  limit: limit(),
  offset,
  order_by: listed(z.string()).default(['id']),
  connection_id_pattern: z.string().optional(),
  connection_id_prefix_pattern: z.string().optional(),
});
const one = z.object({ connection_id: z.string() });
const masked = z.object({ update_mask: listed(z.string()).optional() });

/** Connections of the store. What is secret in them can be written and is given to nobody. */
export const connections: Routes = (api, parts) => {
  const register = new SealedRegister(parts, 'connection');
  const put = async (body: Body) => {
    const entry = entryOf(body);
    await register.put(entry);
    return entry;
  };
  const patch = async (body: Body, mask: readonly string[] | undefined) => {
    const before = fieldsOf(await register.named(body.connection_id));
    const given = Object.entries(body).filter(
      ([field, value]) => value !== undefined && (mask === undefined || mask.includes(field)),
    );
    const after: Body = { ...before, ...Object.fromEntries(given) };
    // What was shown as stars, and comes back so, is what there was.
    if (after.password === STARS) after.password = before.password;
    if (after.extra) after.extra = JSON.stringify(restored(JSON.parse(after.extra), JSON.parse(before.extra ?? '{}')));
    return put(after);
  };

  api.get(
    '/connections',
    { config: OP, schema: { querystring: filter, response: { 200: connectionsAnswer } } },
    async ({ query }) => {
      const wanted = (await register.list()).filter(
        ({ name }) => likes(name, query.connection_id_pattern) && beginsWith(name, query.connection_id_prefix_pattern),
      );
      const shown = pageOf(ordered(wanted, query.order_by, ORDERS), query);
      const opened = await Promise.all(shown.map((row) => register.open(row)));
      return { connections: opened.map(respond), total_entries: wanted.length };
    },
  );

  api.get(
    '/connections/:connection_id',
    { config: OP, schema: { params: one, response: { 200: connection } } },
    async ({ params }) => respond(await register.named(params.connection_id)),
  );

  api.post(
    '/connections',
    { config: OP, schema: { body: connectionBody, response: { 201: connection } } },
    async ({ body }, reply) => {
      if (await register.find(body.connection_id)) {
        throw new AlreadyThere(`There is a connection '${body.connection_id}' already`);
      }
      return reply.status(201).send(respond(await put(body)));
    },
  );

  api.post(
    '/connections/test',
    { config: OP, schema: { body: connectionBody, response: { 200: connectionTest } } },
    () => {
      throw new Forbidden(
        'A server reaches into its network for nobody: use `millrace connections test` on its machine.',
      );
    },
  );

  api.patch(
    '/connections/:connection_id',
    { config: OP, schema: { params: one, querystring: masked, body: connectionBody, response: { 200: connection } } },
    async ({ params, query, body }) => {
      if (body.connection_id !== params.connection_id) {
        throw new MillraceError('invalid_argument', 'The connection_id in the request body does not match the URL');
      }
      return respond(await patch(body, query.update_mask));
    },
  );

  api.patch(
    '/connections',
    { config: OP, schema: { body: bulkBody(connectionBody, connectionBody), response: { 200: bulkAnswer } } },
    async ({ body }) =>
      doBulk<Body, Body>(body, {
        noun: 'connection',
        // Airflow looks once, before the first action.
        sees: 'as it was',
        keyOf: ({ connection_id: id }) => id,
        known: async () => new Set((await register.list()).map(({ name }) => name)),
        put: async (entity) => {
          await put(entity);
        },
        update: async (entity, mask) => {
          await patch(entity, mask);
        },
        remove: async (id) => {
          await register.remove(id);
        },
      }),
  );

  api.delete(
    '/connections/:connection_id',
    { config: OP, schema: { params: one, response: { 204: z.null() } } },
    async ({ params }, reply) => {
      if (!(await register.remove(params.connection_id))) await register.named(params.connection_id);
      return reply.status(204).send(null);
    },
  );
};

const STARS = '***';

/** Stored as its fields, so that what `extra` holds keeps its types. */
function entryOf(body: Body): OpenEntry {
  const { connection_id: name, conn_type: type, description, extra, team_name: _, ...fields } = body;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
  const hasExtra = extra !== undefined && extra !== null && extra !== '';
  const text = JSON.stringify({ type, ...given, ...(hasExtra ? { extra: JSON.parse(extra) } : {}) });
  const parsed = parseConnection(name, text);
  return { name, text, summary: connectionSummary({ ...parsed, ...(description ? { description } : {}) }) };
}

function fieldsOf({ name, text, summary: { description } }: OpenEntry): Body {
  const { type, host, login, schema, port, password, extra }: Connection = parseConnection(name, text);
  return {
    connection_id: name,
    conn_type: type,
    description: description ?? null,
    host: host ?? null,
    login: login ?? null,
    schema: schema ?? null,
    port: port ?? null,
    password: password ?? null,
    extra: Object.keys(extra).length > 0 ? pythonJson(extra) : null,
  };
}

function respond(entry: OpenEntry): Shown {
  const { description, host, login, schema, port, password, extra, ...fields } = fieldsOf(entry);
  const masker = createMasker();
  const shown = extra ? pythonJson(masker.maskFields(JSON.parse(extra))) : null;
  return {
    connection_id: fields.connection_id,
    conn_type: fields.conn_type,
    description: description ?? null,
    host: host ?? null,
    login: login ?? null,
    schema: schema ?? null,
    port: port ?? null,
    password: password ? STARS : null,
    extra: shown,
    team_name: null,
  };
}

/** Values that are stars are as they were. */
function restored(now: unknown, before: unknown): unknown {
  if (now === STARS && before !== undefined) return before;
  if (typeof now !== 'object' || now === null || Array.isArray(now)) return now;
  const old = typeof before === 'object' && before !== null ? (before as Record<string, unknown>) : {};
  return Object.fromEntries(Object.entries(now).map(([key, value]) => [key, restored(value, old[key])]));
}
