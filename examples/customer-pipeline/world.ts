import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDatabases } from '../parts/databases.ts';
import { type ExampleKeys, exampleKeys } from '../parts/example-keys.ts';
import { lockFolder } from '../parts/folder-lock.ts';
import { startLake } from '../parts/lake.ts';
import { startMailServer } from '../parts/mail-server.ts';
import { startSlackServer } from '../parts/slack-server.ts';
import { assembleWorld, type Part, type World } from '../parts/world.ts';
import type { FaultOptions } from './faults.ts';
import { startScoringService } from './scoring-service.ts';
import { loadShop } from './shop.ts';
import { createWarehouse } from './warehouse.ts';

/** The end of the data, at the hour of the schedule. */
export const DEFAULT_LOGICAL_DATE = new Date('1998-07-01T06:00:00Z');

export interface WorldOptions {
  /** Millrace's home; what the parts keep is in `example/customer-pipeline` in it. */
  readonly home: string;
  /** Where connections may be given: one that is there is used, and nothing is started in its place. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The run that the shop's database and the scoring service are prepared for. */
  readonly logicalDate?: Date;
  readonly faults?: Partial<FaultOptions>;
  /** Customers that the scoring service takes in one request. Default 1000. */
  readonly batchLimit?: number;
  /** What is started: everything (the default), or only what scores customers without a lake and messages. */
  readonly parts?: 'all' | 'databases and scoring';
}

const BUCKET = 'data-pipeline';

/** Where the world keeps what it keeps; `scoring-stats.json` in it are the counts of the scoring service. */
export const worldFolder = (home: string) => join(home, 'example', 'customer-pipeline');

/**
 * Starts everything around the pipeline on free loopback ports: the shop's database and the warehouse (one
 * PostgreSQL), the scoring service, the lake (S3), Slack and a mail server. Stopped, or killed, and started again it
 * goes on with what it had. Throws when another process runs it in the same home.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { home, env = process.env, logicalDate = DEFAULT_LOGICAL_DATE, faults = {}, batchLimit, parts } = options;
  const folder = worldFolder(home);
  const lock = lockFolder(folder);
  const given = (name: string) => env[name] || undefined;
  try {
    const keys = exampleKeys(folder);
    const service = { logicalDate, faults, ...(batchLimit === undefined ? {} : { batchLimit }) };
    const scores = [
      () => databases(folder, { given, logicalDate }),
      () => scoring(folder, { given, keys, ...service }),
    ];
    const others = [
      () => lake(folder, { given, keys }),
      () => slack(folder, { given, keys }),
      () => mail(folder, { given }),
    ];
    const world = await assembleWorld(parts === 'databases and scoring' ? scores : [...scores, ...others]);
    return { ...world, stop: () => world.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

type Given = (name: string) => string | undefined;

function databases(folder: string, { given, logicalDate }: { given: Given; logicalDate: Date }): Promise<Part> {
  const shop = {
    connection: 'POSTGRES_DEFAULT',
    name: 'shop',
    what: 'shop',
    prepare: (uri: string) => loadShop(uri, logicalDate),
  };
  const warehouse = {
    connection: 'WAREHOUSE_DEFAULT',
    name: 'warehouse',
    what: 'warehouse',
    prepare: createWarehouse,
  };
  return startDatabases(folder, [shop, warehouse], given);
}

async function scoring(
  folder: string,
  options: { given: Given; keys: ExampleKeys; logicalDate: Date; faults: Partial<FaultOptions>; batchLimit?: number },
): Promise<Part> {
  const { given, logicalDate, keys, faults, ...limits } = options;
  const connection = given('MILLRACE_CONN_SCORING_API');
  const url = given('MILLRACE_VAR_SCORING_API_URL');
  if (connection && url) return {};
  if (connection || url) {
    throw new Error(
      'Another scoring service needs both its address and its key.\nFix: set MILLRACE_VAR_SCORING_API_URL (http://host:port) and MILLRACE_CONN_SCORING_API (http://:key@host:port).',
    );
  }
  const service = await startScoringService({
    apiKey: keys.scoringApiKey,
    asOf: logicalDate.toISOString().slice(0, 10),
    faults: { file: join(folder, 'last-503'), ...faults },
    statsFile: join(folder, 'scoring-stats.json'),
    ...limits,
  });
  return {
    env: {
      MILLRACE_CONN_SCORING_API: `http://:${keys.scoringApiKey}@127.0.0.1:${service.port}`,
      MILLRACE_VAR_SCORING_API_URL: service.url,
    },
    places: [{ what: 'scoring service', where: `${service.url}/stats` }],
    stop: () => service.stop(),
  };
}

async function lake(folder: string, { given, keys }: { given: Given; keys: ExampleKeys }): Promise<Part> {
  if (given('MILLRACE_CONN_AWS_DEFAULT')) return {};
  const { lakeAccessKey, lakeSecretKey } = keys;
  const server = await startLake({ folder: join(folder, 'lake'), buckets: [BUCKET], accessKey: lakeAccessKey });
  const query = new URLSearchParams({ endpoint_url: server.url, region_name: 'us-east-1' });
  return {
    env: { MILLRACE_CONN_AWS_DEFAULT: `aws://${lakeAccessKey}:${lakeSecretKey}@/?${query}` },
    places: [{ what: 'lake (S3)', where: `${server.url}/${BUCKET}` }],
    stop: () => server.stop(),
  };
}

async function slack(folder: string, { given, keys }: { given: Given; keys: ExampleKeys }): Promise<Part> {
  if (given('MILLRACE_CONN_SLACK_DEFAULT')) return {};
  const server = await startSlackServer({ token: keys.slackToken, file: join(folder, 'slack.jsonl') });
  const query = new URLSearchParams({ base_url: server.apiUrl });
  return {
    env: { MILLRACE_CONN_SLACK_DEFAULT: `slack://:${keys.slackToken}@/?${query}` },
    places: [{ what: 'Slack', where: `${server.url}/messages` }],
    stop: () => server.stop(),
  };
}

async function mail(folder: string, { given }: { given: Given }): Promise<Part> {
  if (given('MILLRACE_CONN_SMTP_DEFAULT')) return {};
  const inbox = join(folder, 'mail');
  mkdirSync(inbox, { recursive: true });
  const server = await startMailServer({ folder: inbox });
  return {
    env: { MILLRACE_CONN_SMTP_DEFAULT: `smtp://127.0.0.1:${server.port}` },
    places: [{ what: 'e-mail on failure', where: inbox }],
    stop: () => server.stop(),
  };
}
