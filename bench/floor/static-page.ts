import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants } from 'node:zlib';

export interface StaticPage {
  readonly url: string;
  /** Tells the page, by an event stream, to show a text. */
  tell(text: string): void;
  close(): Promise<void>;
}

/** Draws as many elements as it is told, three deep, once everything is there and read. */
const SCRIPT = `
const { paths, elements } = await (await fetch('/what')).json();
await Promise.all(paths.map(async (path) => (await fetch(path)).json()));
let html = '';
for (let n = 0; n < elements; n += 3) html += '<div class="cell"><button type="button"><i>' + n + '</i></button></div>';
document.getElementById('root').innerHTML = html;
new EventSource('/events').onmessage = ({ data }) => { document.getElementById('told').textContent = data; };
`;

const PAGE = `<!doctype html><html lang="en"><head><title>Floor</title>
<style>#root { display: grid; grid-template-columns: repeat(50, 1fr) } .cell button { width: 14px; height: 20px }</style></head>
<body><p id="told"></p><div id="root"></div><script type="module" src="/script.js"></script></body></html>`;

/**
 * A page without a framework on a server without a database: the same answers, compressed beforehand, read and thrown
 * away, and as many elements put into the document at once.
 */
export async function staticPage(answers: readonly string[], elements: number): Promise<StaticPage> {
  const compressed = answers.map((text) =>
    brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  );
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const send = (type: string, body: string | Buffer, headers = {}) =>
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    const answer = /^\/answers\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (answer !== undefined)
      return send('application/json', compressed[Number(answer)]!, { 'content-encoding': 'br' });
    if (request.url === '/script.js') return send('text/javascript', SCRIPT);
    if (request.url === '/what')
      return send('application/json', JSON.stringify({ paths: answers.map((_, n) => `/answers/${n}`), elements }));
    if (request.url !== '/events') return send('text/html', PAGE);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tell(text) {
      for (const stream of streams) stream.write(`data: ${text}\n\n`);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
