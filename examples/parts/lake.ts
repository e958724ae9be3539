import { buildApp } from 'fauxqs';

/** An S3 endpoint on the loopback interface. */
export interface Lake {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface LakeOptions {
  /** Where the objects are. */
  readonly folder: string;
  readonly buckets: readonly string[];
  /** The access key that requests must carry. Their signature is not checked: fauxqs has no secrets. */
  readonly accessKey: string;
}

/**
 * Starts fauxqs as S3 server in this process. Every change is in its SQLite file before it is answered, so that the
 * objects outlive a kill at any time. (Its other form, a file for each object, can leave half of a file behind, at
 * which the next start would fail.)
 */
export async function startLake({ folder, buckets, accessKey }: LakeOptions): Promise<Lake> {
  const { S3Store, PersistenceManager } = await loadStores();
  const kept = new PersistenceManager(folder);
  const s3Store = new S3Store();
  kept.loadS3(s3Store);
  // Only now: what is loaded need not be written again.
  s3Store.persistence = kept;
  for (const bucket of buckets) s3Store.createBucket(bucket);
  const app = buildApp({ logger: false, stores: { s3Store } as Required<BuildOptions>['stores'] });
  app.addHook('onRequest', async (request, reply) => {
    const signature = request.headers.authorization ?? String(new URL(request.url, 'http://s3').searchParams);
    if (signature.includes(`Credential=${accessKey}/`) || signature.includes(`Credential=${accessKey}%2F`)) return;
    const message = 'The AWS access key Id you provided does not exist in our records.';
    reply
      .code(403)
      .type('application/xml')
      .send(`<?xml version="1.0"?><Error><Code>InvalidAccessKeyId</Code><Message>${message}</Message></Error>`);
    return reply;
  });
  // fauxqs' own start would listen on every interface of the machine.
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  if (typeof address !== 'object' || !address) throw new Error('the lake has no port');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      app.server.closeAllConnections();
      await app.close();
      kept.close();
    },
  };
}

type BuildOptions = NonNullable<Parameters<typeof buildApp>[0]>;

/** The two classes of fauxqs that its entry point does not export; its version is pinned in package.json. */
interface Stores {
  S3Store: new () => { persistence: unknown; createBucket(name: string): void };
  PersistenceManager: new (folder: string) => { loadS3(store: object): void; close(): void };
}

async function loadStores(): Promise<Stores> {
  const entry = import.meta.resolve('fauxqs');
  const [store, persistence] = await Promise.all([
    import(new URL('s3/s3Store.js', entry).href),
    import(new URL('persistence.js', entry).href),
  ]);
  return { ...store, ...persistence };
}
