/**
 * All that the store uses of Kysely. The build makes one file of this module and what it imports, since Kysely's 250
 * modules are a fifth of the time until a server is ready (docs/PERFORMANCE.md).
 */
export {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
