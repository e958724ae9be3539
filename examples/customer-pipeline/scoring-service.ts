import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type HttpServer, parseJson, type Request, startHttpServer } from '../parts/http-server.ts';
import { DEFAULT_FAULTS, type FaultOptions, Faults } from './faults.ts';
import { churnProbabilities } from './purchases.ts';
import { type ScoringStats, StatsCounter } from './scoring-stats.ts';

export interface ScoringOptions {
  /** What the header X-API-Key must say. */
  readonly apiKey: string;
  /** ISO date as of which customers are scored. */
  readonly asOf: string;
  readonly faults?: Partial<FaultOptions>;
  /** Customers in one request, at most. Default 1000. */
  readonly batchLimit?: number;
  /** Where the counts are kept, so that they outlive the service; undefined: in memory only. */
  readonly statsFile?: string;
}

export interface ScoringService extends HttpServer {
  readonly stats: ScoringStats;
}

const BATCH_LIMIT = 1000;

/**
 * The model's HTTP service. `POST /score/batch` with `{ customers: [{ id, lifetime_value }] }` answers
 * `{ scores: [{ id, churn_probability }] }` in the same order: 401 without the key, 400 for a body of another form,
 * 422 for customers that it does not know, and now and then a 503 or a late answer. `GET /health`, `GET /stats`.
 */
export async function startScoringService(options: ScoringOptions): Promise<ScoringService> {
  const scores = await churnProbabilities(options.asOf);
  const faults = new Faults({ ...DEFAULT_FAULTS, ...options.faults });
  const counter = new StatsCounter(options.statsFile);
  const { apiKey, batchLimit = BATCH_LIMIT } = options;
  const server = await startHttpServer(async (request) => {
    switch (`${request.method} ${request.path}`) {
      case 'GET /health':
        return { status: 200, body: { status: 'ok', as_of: options.asOf, customers: scores.size } };
      case 'GET /stats':
        return { status: 200, body: counter.stats };
      case 'POST /score/batch':
        return scoreBatch(request, { apiKey, batchLimit, scores, faults, counter });
      default:
        return { status: 404, body: { error: `there is no ${request.method} ${request.path}` } };
    }
  });
  return {
    ...server,
    get stats() {
      return counter.stats;
    },
  };
}

interface Scoring {
  readonly apiKey: string;
  readonly batchLimit: number;
  readonly scores: ReadonlyMap<number, number>;
  readonly faults: Faults;
  readonly counter: StatsCounter;
}

async function scoreBatch(request: Request, scoring: Scoring): Promise<Answer> {
  const { apiKey, batchLimit, scores, faults, counter } = scoring;
  counter.add('requests');
  if (request.headers['x-api-key'] !== apiKey) {
    counter.add('unauthorized');
    return { status: 401, body: { error: 'the header X-API-Key is missing or wrong' } };
  }
  const ids = customerIds(parseJson(request.body), batchLimit);
  if (!ids) {
    const form = `{ "customers": [{ "id": 1, "lifetime_value": 12.5 }] } with at most ${batchLimit} customers`;
    return { status: 400, body: { error: `the body is not of the form ${form}` } };
  }
  const unknown = ids.filter((id) => !scores.has(id));
  if (unknown.length > 0) return { status: 422, body: { error: 'unknown customers', ids: unknown.slice(0, 10) } };
  const fault = faults.next(`${ids[0]}+${ids.length}`);
  if (fault === 'unavailable') {
    counter.add('unavailable');
    const error = 'the model is being reloaded, try again';
    return { status: 503, body: { error }, headers: { 'retry-after': '1' } };
  }
  if (fault === 'slow') {
    counter.add('slow');
    await sleep(faults.slowMs, undefined, { signal: request.signal });
  }
  counter.add('scored', ids.length);
  return { status: 200, body: { scores: ids.map((id) => ({ id, churn_probability: scores.get(id) })) } };
}

/** The ids of a well-formed request; undefined for any other. */
function customerIds(body: unknown, limit: number): number[] | undefined {
  const customers = (body as { customers?: unknown } | undefined | null)?.customers;
  if (!Array.isArray(customers) || customers.length > limit) return undefined;
  const ids: number[] = [];
  for (const customer of customers as { id?: unknown; lifetime_value?: unknown }[]) {
    if (typeof customer !== 'object' || customer === null) return undefined;
    if (!Number.isInteger(customer.id) || !Number.isFinite(customer.lifetime_value)) return undefined;
    ids.push(customer.id as number);
  }
  return ids;
}
