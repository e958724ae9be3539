import type { Server as HttpServer } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Engine } from '../engine/engine.ts';
import type { Ids } from '../engine/ids.ts';
import type { EventFeed } from '../insight/event-feed.ts';
import type { Clock } from '../model/clock.ts';
import type { Store } from '../store/store.ts';
import { guardLoopback } from './guard.ts';
import { servePage } from './page.ts';
import { answerError } from './problem.ts';
import { backfillPreview } from './routes/backfill-preview.ts';
import { backfills } from './routes/backfills.ts';
import { dagRunViews } from './routes/dag-run-views.ts';
import { dagRuns } from './routes/dag-runs.ts';
import { dags } from './routes/dags.ts';
import { events } from './routes/events.ts';
import { home } from './routes/home.ts';
import { monitor } from './routes/monitor.ts';
import { taskInstances } from './routes/task-instances.ts';
import { whys } from './routes/why.ts';

/** What the routes work with. */
export interface ApiParts {
  readonly store: Store;
  readonly engine: Pick<Engine, 'command' | 'wake'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What happens on the store, once it is durable. */
  readonly feed: EventFeed;
  /** Aborts when the server ends: streams end with it. */
  readonly ending: AbortSignal;
  /** Millrace's own version. */
  readonly version: string;
}

export type Api = FastifyInstance<HttpServer>;

/** A plugin with the routes of one resource, under the prefix /api/v2. */
export type Routes = (api: TypedApi, parts: ApiParts) => void;

export type TypedApi = ReturnType<typeof typed>;

const typed = (api: Api) => api.withTypeProvider<ZodTypeProvider>();

const RESOURCES: readonly Routes[] = [
  monitor,
  events,
  home,
  dagRunViews,
  dags,
  dagRuns,
  taskInstances,
  backfills,
  backfillPreview,
  whys,
];

export interface ApiOptions {
  /** Folder of the built page. */
  readonly page?: string | undefined;
  /** Makes it able to give its OpenAPI document (openapi.ts). */
  readonly describe?: ((api: Api) => void) | undefined;
}

/** The HTTP API and the page, not yet listening. Without authentication it must listen on loopback only. */
export function createApi(parts: ApiParts, { page, describe }: ApiOptions = {}): Api {
  const api = fastify({ logger: false, forceCloseConnections: true, routerOptions: { maxParamLength: 1_000 } });
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(process.env.NODE_ENV === 'test' ? serializerCompiler : () => JSON.stringify);
  api.setErrorHandler(answerError);
  describe?.(api);
  guardLoopback(api);
  servePage(api, page);
  api.register(
    async (scope) => {
      for (const routes of RESOURCES) routes(typed(scope as Api), parts);
    },
    { prefix: '/api/v2' },
  );
  return api;
}
