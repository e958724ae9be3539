import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Engine } from '../engine/engine.ts';
import type { Ids } from '../engine/ids.ts';
import type { EventFeed } from '../insight/event-feed.ts';
import type { ProgressBoard } from '../insight/progress-board.ts';
import type { Clock } from '../model/clock.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';

/** What the routes work with. */
export interface ApiParts {
  readonly store: Store;
  readonly engine: Pick<Engine, 'commandNow' | 'wake'>;
  readonly clock: Clock;
  /** Seals and opens variables and connections. */
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  readonly ids: Ids;
  /** What happens on the store, once it is durable. */
  readonly feed: EventFeed;
  /** What bodies on this server's workers say of their progress. */
  readonly progress?: Pick<ProgressBoard, 'of'>;
  /** Aborts when the server ends: streams end with it. */
  readonly ending: AbortSignal;
  /** Millrace's own version. */
  readonly version: string;
}

export type Api = FastifyInstance<HttpServer>;

type TypedApi = FastifyInstance<HttpServer, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** A plugin with the routes of one resource, under the prefix /api/v2. */
export type Routes = (api: TypedApi, parts: ApiParts) => void;

/** What a route says about whom it is for (auth.ts). */
export const ANYBODY = { role: 'anybody' } as const;
export const VIEWER = { role: 'viewer' } as const;
export const USER = { role: 'user' } as const;
export const OP = { role: 'op' } as const;
export const ADMIN = { role: 'admin' } as const;
