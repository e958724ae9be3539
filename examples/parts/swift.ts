import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from './free-port.ts';
import {
  CREDENTIALS,
  proxyConfig,
  STORAGE,
  type SwiftFolders,
  type SwiftPorts,
  storageConfig,
} from './swift-config.ts';

/** OpenStack Swift with its S3 API: a real object store, which checks signatures. */
export interface Swift {
  readonly url: string;
  /** The connection, for MILLRACE_CONN_AWS_DEFAULT. */
  readonly uri: string;
  stop(): Promise<void>;
}

/** Swift reads its hash prefix and suffix from here; Debian's package brings the file. */
const SWIFT_CONF = '/etc/swift/swift.conf';

const PROGRAMS = [...STORAGE, 'proxy'].map((kind) => `/usr/bin/swift-${kind}-server`);

/** What is missing to start Swift here, or undefined. `scripts/install-swift.sh` installs it on Debian. */
export function missingForSwift(): string | undefined {
  return [...PROGRAMS, '/usr/bin/swift-ring-builder', '/usr/bin/memcached', SWIFT_CONF].find(
    (path) => !existsSync(path),
  );
}

/** Starts Swift on free loopback ports with its data in `folder`, and creates the buckets that are not there. */
export async function startSwift({ folder, buckets }: { folder: string; buckets: readonly string[] }): Promise<Swift> {
  const missing = missingForSwift();
  if (missing) throw new Error(`${missing} is missing.\nFix: install Swift (Debian: scripts/install-swift.sh).`);
  const folders = { etc: join(folder, 'etc'), devices: join(folder, 'devices'), run: join(folder, 'run') };
  for (const path of [folders.etc, join(folders.devices, 'd1'), folders.run]) await mkdir(path, { recursive: true });
  const ports = await choosePorts();
  await configure(folders, ports);
  const processes: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(processes.map(end));
  };
  try {
    const user = userInfo().uid === 0 ? ['-u', 'nobody'] : [];
    const cache = ['-l', '127.0.0.1', '-p', String(ports.cache), '-U', '0', ...user];
    processes.push(await launch('/usr/bin/memcached', cache, join(folders.run, 'memcached.log')));
    for (const kind of [...STORAGE, 'proxy']) {
      const log = join(folders.run, `${kind}.log`);
      processes.push(await launch(`/usr/bin/swift-${kind}-server`, [join(folders.etc, `${kind}.conf`)], log));
    }
    const url = `http://127.0.0.1:${ports.proxy}`;
    await createBuckets(url, { buckets, processes, log: join(folders.run, 'proxy.log') });
    const { accessKey, secretKey } = CREDENTIALS;
    const query = new URLSearchParams({ endpoint_url: url, region_name: 'us-east-1' });
    return { url, uri: `aws://${encodeURIComponent(accessKey)}:${encodeURIComponent(secretKey)}@/?${query}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function choosePorts(): Promise<SwiftPorts> {
  const ports: number[] = [];
  while (ports.length < 5) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const [account, container, object, proxy, cache] = ports as [number, number, number, number, number];
  return { account, container, object, proxy, cache };
}

/** The rings are made anew, for the new ports; where an object lies does not depend on them. */
async function configure(folders: SwiftFolders, ports: SwiftPorts): Promise<void> {
  const options = { folders, ports, user: userInfo().username };
  await copyFile(SWIFT_CONF, join(folders.etc, 'swift.conf'));
  await writeFile(join(folders.etc, 'proxy.conf'), proxyConfig(options));
  await Promise.all(
    STORAGE.map(async (kind) => {
      await writeFile(join(folders.etc, `${kind}.conf`), storageConfig(kind, options));
      const builder = join(folders.etc, `${kind}.builder`);
      for (const file of [builder, join(folders.etc, `${kind}.ring.gz`)]) await rm(file, { force: true });
      for (const args of [['create', '4', '1', '0'], ['add', `r1z1-127.0.0.1:${ports[kind]}/d1`, '1'], ['rebalance']]) {
        await promisify(execFile)('/usr/bin/swift-ring-builder', [builder, ...args]);
      }
    }),
  );
}

async function launch(file: string, args: readonly string[], log: string): Promise<ChildProcess> {
  const output = await open(log, 'w');
  const child = spawn(file, args, { stdio: ['ignore', output.fd, output.fd] });
  await once(child, 'spawn');
  await output.close();
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(patience);
}

async function createBuckets(
  url: string,
  { buckets, processes, log }: { buckets: readonly string[]; processes: readonly ChildProcess[]; log: string },
): Promise<void> {
  const { accessKey: accessKeyId, secretKey: secretAccessKey } = CREDENTIALS;
  const s3 = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const deadline = performance.now() + 30_000;
  try {
    for (const Bucket of buckets) {
      for (;;) {
        const error = await s3.send(new CreateBucketCommand({ Bucket })).then(
          () => undefined,
          (refusal: Error) => refusal,
        );
        if (!error || error.name === 'BucketAlreadyOwnedByYou') break;
        const dead = processes.some(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);
        if (dead || performance.now() > deadline) {
          throw new Error(`Swift did not start:\n${await readFile(log, 'utf8')}`, { cause: error });
        }
        await sleep(100);
      }
    }
  } finally {
    s3.destroy();
  }
}
