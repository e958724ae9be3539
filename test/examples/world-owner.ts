// Keeps the world of the customer pipeline up until it is killed, and says how to reach it.
import { startWorld } from '../../examples/customer-pipeline/world.ts';

const world = await startWorld({ home: process.argv[2]!, env: {} });
console.log(JSON.stringify(world.env));
setInterval(() => {}, 60_000);
