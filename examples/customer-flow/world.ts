import type { FaultOptions } from '../customer-pipeline/faults.ts';
import { startWorld as startPipelineWorld } from '../customer-pipeline/world.ts';
import type { World } from '../parts/world.ts';

export interface WorldOptions {
  /** Millrace's home. What the parts keep is where the customer pipeline keeps it: the two share their world. */
  readonly home: string;
  /** Where the secrets may be given: one that is there is used, and nothing is started in its place. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The end of what the flow extracts: the database and the scoring service are prepared for it. */
  readonly logicalDate?: Date;
  readonly faults?: Partial<FaultOptions>;
}

/** The flow scores everybody in one request, and the first one in a quarter of an hour is answered 503. */
const FAULTS: Partial<FaultOptions> = { unavailable: 1, slow: 0 };
const BATCH_LIMIT = 50_000;

/**
 * Starts the shop's database, the warehouse and the scoring service of the customer pipeline, and gives them to the
 * flow as its secrets. Stopped, or killed, and started again it goes on with what it had. Throws when another process
 * runs them in the same home.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { env = process.env, faults = {}, ...rest } = options;
  const key = env.MILLRACE_SECRET_SCORING_API_KEY;
  const world = await startPipelineWorld({
    ...rest,
    env: {
      MILLRACE_CONN_POSTGRES_DEFAULT: env.MILLRACE_SECRET_POSTGRES_URL,
      MILLRACE_CONN_WAREHOUSE_DEFAULT: env.MILLRACE_SECRET_WAREHOUSE_URL,
      MILLRACE_CONN_SCORING_API: key && `http://:${encodeURIComponent(key)}@scoring`,
      MILLRACE_VAR_SCORING_API_URL: env.MILLRACE_VAR_SCORING_API_URL,
    },
    parts: 'databases and scoring',
    batchLimit: BATCH_LIMIT,
    faults: { ...FAULTS, ...faults },
  });
  const { MILLRACE_CONN_POSTGRES_DEFAULT: shop, MILLRACE_CONN_WAREHOUSE_DEFAULT: warehouse } = world.env;
  const { MILLRACE_CONN_SCORING_API: scoring, MILLRACE_VAR_SCORING_API_URL: url } = world.env;
  return {
    ...world,
    env: {
      MILLRACE_SECRET_POSTGRES_URL: shop!,
      MILLRACE_SECRET_WAREHOUSE_URL: warehouse!,
      ...(scoring && url
        ? { MILLRACE_SECRET_SCORING_API_KEY: new URL(scoring).password, MILLRACE_VAR_SCORING_API_URL: url }
        : {}),
    },
  };
}
