import { z } from 'zod';
import { iso } from '../../insight/iso.ts';
import { MillraceError } from '../../model/errors.ts';
import { checkTokenName, ROLES } from '../../model/role.ts';
import { hashOf, newToken } from '../auth-secret.ts';
import { time } from '../contract/state.ts';
import { ADMIN, type Routes } from '../route.ts';

const token = z.object({ name: z.string(), role: z.enum(ROLES), created_at: time }).meta({ id: 'Token' });
const tokenList = z.object({ tokens: z.array(token), total_entries: z.int() }).meta({ id: 'TokenCollection' });
/** The only time that it is shown. */
const made = token.extend({ token: z.string() }).meta({ id: 'NewToken' });
const body = z.strictObject({ name: z.string(), role: z.enum(ROLES).default('user') }).meta({ id: 'TokenBody' });
const one = z.object({ name: z.string() });

/** Who may use the page and the API. What tokens are is kept nowhere. */
export const tokens: Routes = (api, { store, clock }) => {
  api.get('/tokens', { config: ADMIN, schema: { response: { 200: tokenList } } }, async () => {
    const rows = await store.queries.tokens();
    const shown = rows.map(({ name, role, createdAt }) => ({ name, role, created_at: iso(createdAt) }));
    return { tokens: shown, total_entries: shown.length };
  });

  api.post('/tokens', { config: ADMIN, schema: { body, response: { 201: made } } }, async (request, reply) => {
    const { name, role } = request.body;
    checkTokenName(name);
    const secret = newToken();
    const row = { name, role, hash: hashOf(secret), createdAt: clock.now() };
    if (!(await store.transaction(({ access }) => access.addToken(row)))) {
      throw new MillraceError('already_exists', `there is a token '${name}' already`);
    }
    return reply.status(201).send({ name, role, created_at: iso(row.createdAt), token: secret });
  });

  api.delete(
    '/tokens/:name',
    { config: ADMIN, schema: { params: one, response: { 204: z.null() } } },
    async (request, reply) => {
      const { name } = request.params;
      if (!(await store.transaction(({ access }) => access.revokeToken(name)))) {
        throw new MillraceError('not_found', `there is no token '${name}'`);
      }
      return reply.status(204).send(null);
    },
  );
};
