import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf, newToken } from '../../../api/auth-secret.ts';
import type { Store } from '../../../store/store.ts';
import { examineRest, type RestFinding } from './examine-rest.ts';
import { restCases, writePipelines } from './rest-files.ts';

export type { RestFinding } from './examine-rest.ts';

/** A server as `startMillrace` of `millrace/server` starts it. */
interface RunningServer {
  readonly store: Store;
  readonly url: string | undefined;
  stop(graceMs?: number): Promise<void>;
}

type StartServer = (options: {
  readonly home: string;
  readonly files: readonly string[];
  readonly http: { readonly port: number };
  readonly workers: number;
}) => Promise<RunningServer>;

/** Starts a server with the DAGs of the cases in a folder, asks it everything with an admin's token, and stops it. */
export async function restAgreement(folder: string, start: StartServer): Promise<readonly RestFinding[]> {
  const place = await mkdtemp(join(tmpdir(), 'millrace-rest-'));
  try {
    const cases = restCases(folder);
    const pipelines = join(place, 'pipelines');
    await writePipelines(cases.world, pipelines);
    const home = join(place, '.millrace');
    const server = await start({ home, files: [pipelines], http: { port: 0 }, workers: 2 });
    try {
      const token = newToken();
      const row = { name: 'conformance', role: 'admin', hash: hashOf(token), createdAt: 0 } as const;
      await server.store.transaction(({ access }) => access.addToken(row));
      return await examineRest(cases, { url: server.url!, token });
    } finally {
      await server.stop(0);
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
