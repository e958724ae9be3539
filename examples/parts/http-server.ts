import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A server on the loopback interface. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Ends the server and its open connections. */
  stop(): Promise<void>;
}

/** What a handler answers with: a status and a JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The whole body as text; a request with more than 4 MB of it is refused before the handler sees it. */
  readonly body: string;
  /** Aborts when the client is gone or the server stops. */
  readonly signal: AbortSignal;
}

export type Handler = (request: Request) => Answer | Promise<Answer>;

const BODY_LIMIT = 4 * 1024 * 1024;

/** Starts a JSON service on a free loopback port. A handler that throws answers 500. */
export async function startHttpServer(handler: Handler, { port = 0 } = {}): Promise<HttpServer> {
  const server = createServer((incoming, response) => {
    answer(incoming, response, handler).catch(() => response.destroy());
  });
  await listen(server, port);
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server has no port');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(incoming: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let result: Answer;
  try {
    const body = await readBody(incoming);
    result =
      body === undefined
        ? { status: 413, body: { error: 'the body is too large' } }
        : await handler({
            method: incoming.method ?? 'GET',
            path: new URL(incoming.url ?? '/', 'http://localhost').pathname,
            headers: incoming.headers,
            body,
            signal: gone.signal,
          });
  } catch (error) {
    if (gone.signal.aborted) return;
    result = { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  }
  response.writeHead(result.status, { 'content-type': 'application/json; charset=utf-8', ...result.headers });
  response.end(JSON.stringify(result.body));
}

/** Undefined when it is over the limit. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size <= BODY_LIMIT ? Buffer.concat(chunks).toString('utf8') : undefined;
}

/** The JSON of a body; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
