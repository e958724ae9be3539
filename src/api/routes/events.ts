import { z } from 'zod';
import { callerOf, credentialsOf } from '../auth.ts';
import { liveEvents } from '../contract/stream.ts';
import { streamEvents } from '../event-stream.ts';
import { type Routes, VIEWER } from '../route.ts';

const query = z.object({
  dag_id: z.string().optional(),
  dag_run_id: z.string().optional(),
  after: z.coerce.number().int().min(0).optional(),
});

const number = (header: string | string[] | undefined) =>
  typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined;

/** How often a stream looks whether its client may still hear it. */
const LOOK_MS = 1_000;

export const events: Routes = (api, parts) => {
  const { feed, ending, clock } = parts;
  const response = { 200: { content: { 'text/event-stream': { schema: liveEvents } } } };
  api.get('/events/stream', { config: VIEWER, schema: { querystring: query, response } }, async (request, reply) => {
    const { dag_id: dag, dag_run_id: run, after } = request.query;
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    const gone = new AbortController();
    let cancelLook = () => {};
    reply.raw.on('close', () => {
      cancelLook();
      gone.abort();
    });
    // Who has lost the token or signed out hears nothing more.
    const look = () => {
      cancelLook = parts.clock.after(LOOK_MS, () => {
        callerOf(parts, credentialsOf(request)).then(
          (caller) => (caller ? look() : reply.raw.destroy()),
          () => look(),
        );
      });
    };
    if (request.caller) look();
    await streamEvents(
      feed,
      reply.raw,
      {
        clock,
        after: number(request.headers['last-event-id']) ?? after,
        wanted: (event) =>
          event.kind === 'reset' ||
          ((dag === undefined || event.dag_id === dag) && (run === undefined || event.dag_run_id === run)),
      },
      AbortSignal.any([gone.signal, ending]),
    );
  });
};
