import type { FastifyReply, FastifyRequest } from 'fastify';
import { allows, type Role } from '../model/role.ts';
import type { TokenRow } from '../store/access.ts';
import { hashOf } from './auth-secret.ts';
import type { Api, ApiParts } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whom the route lets in. `anybody`: also who shows nothing. */
    role?: Role | 'anybody';
  }
  interface FastifyRequest {
    /** Who asks; null where nobody is asked who they are, and on routes for anybody. */
    caller: Pick<TokenRow, 'name' | 'role'> | null;
  }
}

/**
 * `token`: everybody shows one. `when there are tokens`: everybody does, as soon as there is one; before that the server
 * must be one that only this machine reaches.
 */
export type AuthMode = 'token' | 'when there are tokens';

export const SESSION_COOKIE = 'millrace_session';

/** Whom a request is from. */
export type Credentials =
  | { readonly kind: 'token'; readonly secret: string }
  | { readonly kind: 'session'; readonly secret: string }
  | { readonly kind: 'none' };

/** A header counts before a cookie: a program that shows a token is nobody's browser. */
export function credentialsOf({ headers }: Pick<FastifyRequest, 'headers'>): Credentials {
  const [, secret] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (secret !== undefined) return { kind: 'token', secret };
  if (headers.authorization !== undefined) return { kind: 'none' };
  const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim());
  const session = cookies.find((each) => each.startsWith(`${SESSION_COOKIE}=`));
  return session ? { kind: 'session', secret: session.slice(SESSION_COOKIE.length + 1) } : { kind: 'none' };
}

/** The token that these credentials stand for, or null. */
export async function callerOf(
  { store, clock }: Pick<ApiParts, 'store' | 'clock'>,
  credentials: Credentials,
): Promise<TokenRow | null> {
  if (credentials.kind === 'none') return null;
  const hash = hashOf(credentials.secret);
  return credentials.kind === 'token'
    ? store.queries.tokenByHash(hash)
    : store.queries.tokenBySession(hash, clock.now());
}

/** Whether somebody who shows nothing is turned away. */
export async function isAsked({ store }: Pick<ApiParts, 'store'>, mode: AuthMode): Promise<boolean> {
  return mode === 'token' || (await store.queries.tokens()).length > 0;
}

/**
 * Lets in who may, on the routes of a scope. It decides by the route that was found, never by the text of the address; a route that does not say
 * whom it is for cannot be made.
 */
export function guardRoutes(api: Api, parts: ApiParts, mode: AuthMode): void {
  api.decorateRequest('caller', null);
  api.addHook('onRoute', ({ config, method, url }) => {
    if (config?.role === undefined) throw new Error(`${String(method)} ${url} does not say whom it is for`);
  });
  api.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const needed = request.routeOptions.config.role ?? 'admin';
    if (needed === 'anybody' || !(await isAsked(parts, mode))) return;
    const credentials = credentialsOf(request);
    const caller = await callerOf(parts, credentials);
    if (!caller) {
      const isUnknown = credentials.kind === 'token';
      reply.header('www-authenticate', 'Bearer realm="millrace"');
      return reply.status(isUnknown ? 403 : 401).send({
        detail: isUnknown ? 'This token is not known, or was revoked.' : 'Not authenticated',
        fix: 'Show a token as Authorization: Bearer …; `millrace tokens create NAME` makes one.',
      });
    }
    if (credentials.kind === 'session' && !isFromOwnPage(request)) {
      return reply.status(403).send({ detail: 'A browser may change something from this server’s own page only.' });
    }
    if (!allows(caller.role, needed)) {
      return reply
        .status(403)
        .send({ detail: `This needs the role ${needed}; ${caller.name} has the role ${caller.role}.` });
    }
    request.caller = caller;
  });
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A cookie comes along whoever makes the browser ask, so it counts for changes only where the page itself asks. */
function isFromOwnPage({ method, headers }: FastifyRequest): boolean {
  if (SAFE.has(method)) return true;
  const { origin, host, 'sec-fetch-site': site } = headers;
  // Browsers say one of the two, and no page can say it for them.
  return origin === undefined ? site === 'same-origin' : URL.parse(origin)?.host === host;
}
