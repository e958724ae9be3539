import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, credentialsOf, SESSION_COOKIE } from './auth.ts';
import { hashOf, newSession } from './auth-secret.ts';
import { ANYBODY, type Api, type ApiParts } from './route.ts';

const SESSION_MS = 12 * 3_600_000;
/** Wrong tokens within a minute, of everybody together, before nobody is heard any more: nobody guesses 256 bits. */
const MOST_WRONG = 100;
const WINDOW_MS = 60_000;

/** Pages of people, not part of the API's contract. */
const OWN = { config: ANYBODY, schema: { hide: true } } as const;

/** `/login` takes a token and gives the browser a session in place of it; `/logout` ends that. */
export function serveLogin(api: Api, parts: ApiParts): void {
  const { store, clock } = parts;
  const wrong: number[] = [];
  api.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_, text, done) => done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  );

  api.get('/login', OWN, (request, reply) => form(reply, { next: ownPath(fieldOf(request.query, 'next')) }));

  api.post('/login', OWN, async (request, reply) => {
    const next = ownPath(fieldOf(request.body, 'next'));
    const now = clock.now();
    while (wrong[0] !== undefined && wrong[0] <= now - WINDOW_MS) wrong.shift();
    if (wrong.length >= MOST_WRONG)
      return form(reply.status(429), { next, problem: 'Too many wrong tokens. Wait a minute.' });
    const token = fieldOf(request.body, 'token').trim();
    const caller = await callerOf(parts, { kind: 'token', secret: token });
    if (!caller) {
      wrong.push(now);
      return form(reply.status(403), { next, problem: 'This token is not known, or was revoked.' });
    }
    const secret = newSession();
    const session = { hash: hashOf(secret), token: caller.name, createdAt: now, expiresAt: now + SESSION_MS };
    await store.transaction(({ access }) => access.addSession(session));
    return reply.header('set-cookie', cookie(request, secret, SESSION_MS / 1000)).redirect(next, 303);
  });

  api.post('/logout', OWN, async (request, reply) => {
    const credentials = credentialsOf(request);
    if (credentials.kind === 'session') {
      await store.transaction(({ access }) => access.endSession(hashOf(credentials.secret)));
    }
    return reply.header('set-cookie', cookie(request, '', 0)).redirect('/login', 303);
  });
}

const isEncrypted = ({ headers, protocol }: FastifyRequest) =>
  protocol === 'https' || headers['x-forwarded-proto'] === 'https' || headers.origin?.startsWith('https://') === true;

const cookie = (request: FastifyRequest, value: string, seconds: number) =>
  `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isEncrypted(request) ? '; Secure' : ''}`;

function fieldOf(of: unknown, name: string): string {
  const value =
    typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : '';
  return typeof value === 'string' ? value : '';
}

/** Where to go on: a path of this server, whatever was asked for. */
export function ownPath(next: string): string {
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return '/';
  const url = URL.parse(next, 'http://own');
  return url?.host === 'own' && url.pathname !== '/login' ? `${url.pathname}${url.search}` : '/';
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function form(reply: FastifyReply, { next, problem }: { readonly next: string; readonly problem?: string }) {
  return reply
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in · Millrace</title></head>
<body><main><h1>Millrace</h1>
<form method="post" action="/login">
<input type="hidden" name="next" value="${escaped(next)}">
<p><label for="token">Token</label></p>
<p><input id="token" name="token" type="password" autocomplete="current-password" required autofocus></p>
${problem ? `<p role="alert">${escaped(problem)}</p>` : ''}
<p><button type="submit">Sign in</button></p>
<p><small><code>millrace tokens create NAME</code> makes a token.</small></p>
</form></main></body></html>`);
}
