// The thin engine as a server: opens its store, has a worker, answers over HTTP. Says its address when it is ready.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ThinEngine } from './thin-engine.ts';
import { ThinSqlite } from './thin-sqlite.ts';

const engine = await ThinEngine.start({ store: new ThinSqlite(process.argv[2]!), body: 'nothing', capacity: 256 });
const server = createServer((_, response) => response.end('{}'));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on('SIGTERM', () => {
  server.close();
  void engine.stop().then(() => process.exit(0));
});
