import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AuthMode, isAsked } from '../../api/auth.ts';
import { isLoopback } from '../../api/guard.ts';
import type { ApiParts } from '../../api/route.ts';
import { MillraceError } from '../../model/errors.ts';
import { ownVersion } from '../own-version.ts';
import { DEFAULT_PORT } from './http-port.ts';

export interface HttpOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 8080; 0: any that is free. */
  readonly port?: number | undefined;
  /** What is done when the port is taken: the next one is tried, or the start fails (the default). */
  readonly whenTaken?: 'next' | 'fail';
  /** Whether everybody must show a token. Default: as soon as there is one. */
  readonly auth?: AuthMode | undefined;
}

export interface HttpServer {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  close(): Promise<void>;
}

const TRIED = 20;

/**
 * Listens with API and page. Throws `invalid_argument` for a host that others can reach while nobody is asked for a
 * token, and `conflict` for a port that is taken.
 */
export async function listen(
  { host = '127.0.0.1', port = DEFAULT_PORT, whenTaken = 'fail', auth = 'when there are tokens' }: HttpOptions,
  parts: Omit<ApiParts, 'version' | 'ending'>,
): Promise<HttpServer> {
  const reachedBy = isLoopback(host) ? 'this machine' : 'others';
  if (reachedBy === 'others' && !(await isAsked(parts, auth))) {
    throw new MillraceError('invalid_argument', `${host} can be reached by others, and nobody is asked who they are`, {
      fix: 'Make a token: millrace tokens create NAME --role admin. Or listen on 127.0.0.1.',
    });
  }
  const { createApi } = await import('../../api/api.ts');
  const ending = new AbortController();
  // Whom others reach goes on asking, also when the last token is revoked.
  const options = { page: pageFolder(), reachedBy, auth: reachedBy === 'others' ? 'token' : auth } as const;
  const api = createApi({ ...parts, version: ownVersion(), ending: ending.signal }, options);
  for (let tried = 0; ; tried += 1) {
    try {
      const url = await api.listen({ host, port: port === 0 ? 0 : port + tried });
      return {
        url,
        close: async () => {
          ending.abort();
          await api.close();
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (whenTaken === 'fail' || port === 0 || tried >= TRIED) {
        throw new MillraceError('conflict', `port ${port} of ${host} is taken`, {
          fix: 'Choose another one with --port, or --port 0 for any that is free.',
          cause: error,
        });
      }
    }
  }
}

/** Built into dist/web: beside the compiled code, or beside src/ when that runs as it is. */
function pageFolder(): string | undefined {
  const here = fileURLToPath(new URL('../../', import.meta.url));
  return [join(here, 'web'), join(here, '../dist/web')].find((folder) => existsSync(join(folder, 'index.html')));
}
