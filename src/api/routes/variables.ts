import { z } from 'zod';
import { MillraceError } from '../../model/errors.ts';
import { createMasker, isSensitive } from '../../model/mask.ts';
import type { SealedRow } from '../../store/rows.ts';
import { bulkAnswer, bulkBody, doBulk } from '../bulk.ts';
import { variable, variableBody, variables as variablesAnswer } from '../contract/airflow/registers.ts';
import { beginsWith, likes, type Orders, ordered, pageOf, pythonJson } from '../list.ts';
import { limit, listed, offset } from '../query.ts';
import { OP, type Routes } from '../route.ts';
import { type OpenEntry, SealedRegister } from '../sealed-register.ts';

type Body = z.infer<typeof variableBody>;

const ORDERS: Orders<SealedRow> = { id: ({ name }) => name, key: ({ name }) => name, _key: ({ name }) => name };

const filter = z.object({
  limit: limit(),
  offset,
  order_by: listed(z.string()).default(['id']),
  variable_key_pattern: z.string().optional(),
  variable_key_prefix_pattern: z.string().optional(),
});
const one = z.object({ variable_key: z.string() });
const masked = z.object({ update_mask: listed(z.string()).optional() });

/** Variables of the store; what the environment or a secrets backend has is not among them. */
export const variables: Routes = (api, parts) => {
  const register = new SealedRegister(parts, 'variable');
  const put = (body: Body) =>
    register.put({ name: body.key, text: textOf(body.value), summary: summaryOf(body.description) });

  api.get(
    '/variables',
    { config: OP, schema: { querystring: filter, response: { 200: variablesAnswer } } },
    async ({ query }) => {
      const wanted = (await register.list()).filter(
        ({ name }) => likes(name, query.variable_key_pattern) && beginsWith(name, query.variable_key_prefix_pattern),
      );
      const shown = pageOf(ordered(wanted, query.order_by, ORDERS), query);
      const opened = await Promise.all(shown.map((row) => register.open(row)));
      return { variables: opened.map(respond), total_entries: wanted.length };
    },
  );

  api.get(
    '/variables/:variable_key',
    { config: OP, schema: { params: one, response: { 200: variable } } },
    async ({ params }) => respond(await register.named(params.variable_key)),
  );

  api.post(
    '/variables',
    { config: OP, schema: { body: variableBody, response: { 201: variable } } },
    async ({ body }, reply) => {
      if (await register.find(body.key)) {
        throw new MillraceError('already_exists', `The Variable with key: \`${body.key}\` already exists`);
      }
      await put(body);
      return reply.status(201).send(respond(await register.named(body.key)));
    },
  );

  const patch = async (key: string, body: Body, mask: readonly string[] | undefined) => {
    const before = await register.named(key);
    const has = (field: keyof Body) => Object.hasOwn(body, field) && (mask === undefined || mask.includes(field));
    const after = {
      name: key,
      text: has('value') ? textOf(body.value) : before.text,
      summary: has('description') ? summaryOf(body.description) : before.summary,
    };
    await register.put(after);
    return after;
  };

  api.patch(
    '/variables/:variable_key',
    { config: OP, schema: { params: one, querystring: masked, body: variableBody, response: { 200: variable } } },
    async ({ params, query, body }) => {
      if (body.key !== params.variable_key) {
        throw new MillraceError('invalid_argument', 'Invalid body, key from request body doesn’t match uri parameter');
      }
      return respond(await patch(body.key, body, query.update_mask));
    },
  );

  api.patch(
    '/variables',
    { config: OP, schema: { body: bulkBody(variableBody, variableBody), response: { 200: bulkAnswer } } },
    async ({ body }) =>
      doBulk<Body, Body>(body, {
        noun: 'variable',
        sees: 'as it is',
        keyOf: ({ key }) => key,
        known: async () => new Set((await register.list()).map(({ name }) => name)),
        put,
        update: async (entity, mask) => {
          await patch(entity.key, entity, mask);
        },
        remove: async (key) => {
          await register.remove(key);
        },
      }),
  );

  api.delete(
    '/variables/:variable_key',
    { config: OP, schema: { params: one, response: { 204: z.null() } } },
    async ({ params }, reply) => {
      if (!(await register.remove(params.variable_key))) await register.named(params.variable_key);
      return reply.status(204).send(null);
    },
  );
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : pythonJson(value));

const summaryOf = (description: string | null | undefined) => (description ? { description } : {});

/** A value whose name says that it is secret is shown to nobody, nor are such fields within one. */
function respond({ name, text, summary }: OpenEntry): z.infer<typeof variable> {
  const value = isSensitive(name) ? '***' : maskedText(text);
  return { key: name, value, description: summary.description ?? null, is_encrypted: true, team_name: null };
}

function maskedText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    const shown = createMasker().maskFields(value);
    return JSON.stringify(shown) === JSON.stringify(value) ? text : pythonJson(shown);
  } catch {
    return text;
  }
}
