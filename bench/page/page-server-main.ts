// The server with its page on a home that has a history; no schedule makes runs meanwhile. Says its address when it is ready.
import { Product } from '../product.ts';

const home = process.argv[2]!;
const product = await Product.start('history', { home, schedules: 'ignored', http: { port: 0 }, follows: false });
console.log(product.server.url);
process.on('SIGTERM', () => void product.stop().then(() => process.exit(0)));
