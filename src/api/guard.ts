import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from './route.ts';

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** True for an address that only this machine reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * For a server that only this machine reaches and that asks for no token. Any page that a browser on this machine shows
 * could send requests here, or point a name of its own at 127.0.0.1 and read the answers: so a request must name this
 * machine as its host, and one that changes something must not come from another origin.
 */
export const guardLoopback = (api: Api): void => guard(api, 'this machine');

/** For one that others reach, who show tokens: what comes from a page of another origin changes nothing here either. */
export const guardPublic = (api: Api): void => guard(api, 'others');

function guard(api: Api, reachedBy: 'this machine' | 'others'): void {
  api.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const { host = '', origin } = request.headers;
    if (reachedBy === 'this machine' && !LOOPBACK.test(host)) {
      return reply.status(421).send({ detail: `This server answers to localhost, not to ${host}.` });
    }
    if (SAFE.has(request.method)) return;
    const site = request.headers['sec-fetch-site'];
    const isForeign =
      (origin !== undefined &&
        origin !== `http://${host}` &&
        !(reachedBy === 'others' && origin === `https://${host}`)) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none');
    if (isForeign)
      return reply.status(403).send({ detail: `A request from ${origin ?? site} may not change anything.` });
  });
}
