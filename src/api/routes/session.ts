import { z } from 'zod';
import { ROLES } from '../../model/role.ts';
import { credentialsOf } from '../auth.ts';
import { type Routes, VIEWER } from '../route.ts';

const session = z
  .object({
    /** Whose token it is; null where nobody is asked who they are. */
    name: z.string().nullable(),
    role: z.enum(ROLES).nullable(),
    /** Whether it is a browser's session, which can be ended at /logout. */
    signed_in: z.boolean(),
  })
  .meta({ id: 'Session' });

/** Who asks. */
export const sessions: Routes = (api) => {
  api.get('/session', { config: VIEWER, schema: { response: { 200: session } } }, (request) => ({
    name: request.caller?.name ?? null,
    role: request.caller?.role ?? null,
    signed_in: request.caller !== null && credentialsOf(request).kind === 'session',
  }));
};
