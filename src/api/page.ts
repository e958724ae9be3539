import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerNotFound, type KnownRoutes } from './problem.ts';
import type { Api } from './route.ts';

/** Everything that the page is made of comes from the server itself; it runs no code and shows no frame of others. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

const NOT_BUILT = `<!doctype html><html lang="en"><title>Millrace</title>
<h1>The page is not built</h1><p>The API is under <a href="/api/v2/version">/api/v2</a>. <code>npm run build</code> builds the page.</p></html>`;

/** Serves the built page: its files, and its start for every address that is one of its views. */
export function servePage(api: Api, folder: string | undefined, known: KnownRoutes): void {
  const isBuilt = folder !== undefined && existsSync(`${folder}/index.html`);
  if (isBuilt) {
    api.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      index: false,
      setHeaders: (response, path) => {
        // Files with a hash in their name never change.
        const isFixed = /[\\/]assets[\\/]/.test(path);
        response.header('cache-control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  api.addHook('onSend', async (request, reply, payload) => {
    for (const [name, value] of Object.entries(HEADERS)) reply.header(name, value);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    return payload;
  });
  const start = (_request: FastifyRequest, reply: FastifyReply) =>
    isBuilt
      ? reply.header('cache-control', 'no-cache').sendFile('index.html')
      : reply.type('text/html').send(NOT_BUILT);
  api.setNotFoundHandler((request, reply) => {
    const isView =
      request.method === 'GET' && !request.url.startsWith('/api/') && request.headers.accept?.includes('text/html');
    return isBuilt && isView ? start(request, reply.status(404)) : answerNotFound(known, request, reply);
  });
  api.get('/', start);
  for (const view of ['/runs', '/workflows', '/workflows/*']) api.get(view, start);
}
