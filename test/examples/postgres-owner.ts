// Owns a PostgreSQL until it is killed, and says where it is.
import { startPostgres } from '../../examples/parts/postgres.ts';

const server = await startPostgres({ folder: process.argv[2]! });
console.log(await server.ensureDatabase('kept'));
setInterval(() => {}, 60_000);
