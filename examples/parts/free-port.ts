import { createServer } from 'node:net';

/** A loopback port that nobody listens on: the wanted one when it is free, else any. */
export async function freePort(wanted = 0): Promise<number> {
  const port = await probe(wanted);
  if (port !== undefined) return port;
  if (wanted !== 0) return freePort();
  throw new Error('no loopback port is free');
}

function probe(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
