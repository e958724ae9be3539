import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type AuthMode, guardRoutes } from './auth.ts';
import { serveLogin } from './auth-login.ts';
import { compressAnswers } from './compress.ts';
import { guardLoopback, guardPublic } from './guard.ts';
import { servePage } from './page.ts';
import { answerError, KnownRoutes } from './problem.ts';
import type { Api, ApiParts, Routes } from './route.ts';
import { backfillPreview } from './routes/backfill-preview.ts';
import { backfills } from './routes/backfills.ts';
import { clearInstances } from './routes/clear-instances.ts';
import { configuration } from './routes/config.ts';
import { connections } from './routes/connections.ts';
import { dagParts } from './routes/dag-parts.ts';
import { dagRunActions } from './routes/dag-run-actions.ts';
import { dagRunViews } from './routes/dag-run-views.ts';
import { dagRuns } from './routes/dag-runs.ts';
import { dags } from './routes/dags.ts';
import { events } from './routes/events.ts';
import { home } from './routes/home.ts';
import { importErrors } from './routes/import-errors.ts';
import { marking } from './routes/mark-instances.ts';
import { monitor } from './routes/monitor.ts';
import { pools } from './routes/pools.ts';
import { sessions } from './routes/session.ts';
import { taskInstances } from './routes/task-instances.ts';
import { taskOutputs } from './routes/task-outputs.ts';
import { tokens } from './routes/tokens.ts';
import { variables } from './routes/variables.ts';
import { whys } from './routes/why.ts';

const RESOURCES: readonly Routes[] = [
  monitor,
  events,
  home,
  dagRunViews,
  dags,
  dagRuns,
  dagRunActions,
  taskInstances,
  taskOutputs,
  clearInstances,
  marking,
  backfills,
  backfillPreview,
  whys,
  sessions,
  tokens,
  dagParts,
  configuration,
  importErrors,
  pools,
  variables,
  connections,
];

export interface ApiOptions {
  /** Folder of the built page. */
  readonly page?: string | undefined;
  /** Makes it able to give its OpenAPI document (openapi.ts). */
  readonly describe?: ((api: Api) => void) | undefined;
  /** Default: as soon as there are tokens. */
  readonly auth?: AuthMode | undefined;
  /** Who reaches it; default: this machine only. */
  readonly reachedBy?: 'this machine' | 'others' | undefined;
}

/** The HTTP API and the page, not yet listening. Where others reach it, `auth` must be `token`. */
export function createApi(parts: ApiParts, options: ApiOptions = {}): Api {
  const { page, describe, auth = 'when there are tokens', reachedBy = 'this machine' } = options;
  const api = fastify({ logger: false, forceCloseConnections: true, routerOptions: { maxParamLength: 1_000 } });
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(process.env.NODE_ENV === 'test' ? serializerCompiler : () => JSON.stringify);
  api.setErrorHandler(answerError);
  describe?.(api);
  if (reachedBy === 'this machine') guardLoopback(api);
  else guardPublic(api);
  // Forms are for signing in only.
  api.register(async (scope) => serveLogin(scope as Api, parts));
  const known = new KnownRoutes();
  servePage(api, page, known);
  api.register(
    async (scope) => {
      guardRoutes(scope as Api, parts, auth);
      compressAnswers(scope as Api);
      // An address that ends in a slash names nothing.
      scope.addHook('preValidation', async (request, reply) => {
        const isEmpty = Object.values((request.params ?? {}) as Record<string, string>).includes('');
        if (isEmpty) return reply.callNotFound();
      });
      scope.addHook('onRoute', ({ method, url }) => known.add(method, url));
      for (const routes of RESOURCES) routes((scope as Api).withTypeProvider<ZodTypeProvider>(), parts);
    },
    { prefix: '/api/v2' },
  );
  return api;
}
