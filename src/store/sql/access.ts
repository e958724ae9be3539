import type { Role } from '../../model/role.ts';
import type { Access, AccessQueries, TokenRow } from '../access.ts';
import { first, type SqlRunner } from './builder.ts';

const parse = (row: { name: string; role: string; hash: string; created_at: number }): TokenRow => ({
  name: row.name,
  role: row.role as Role,
  hash: row.hash,
  createdAt: row.created_at,
});

export function accessIn(runner: SqlRunner): Access {
  const { builder } = runner;
  return {
    async addToken({ name, role, hash, createdAt }) {
      const query = builder
        .insertInto('api_token')
        .values({ name, role, hash, created_at: createdAt })
        .onConflict((conflict) => conflict.column('name').doNothing());
      return (await runner.run(query)) > 0;
    },
    async revokeToken(name) {
      await runner.run(builder.deleteFrom('api_session').where('token', '=', name));
      return (await runner.run(builder.deleteFrom('api_token').where('name', '=', name))) > 0;
    },
    async addSession({ hash, token, createdAt, expiresAt }) {
      await runner.run(builder.deleteFrom('api_session').where('expires_at', '<=', createdAt));
      // Locked where others may write at the same time: who revokes the token then waits, and ends this session too.
      const held = builder.selectFrom('api_token').select('name').where('name', '=', token);
      if (!(await first(runner, runner.dialect === 'postgres' ? held.forUpdate() : held))) return;
      await runner.run(
        builder.insertInto('api_session').values({ hash, token, created_at: createdAt, expires_at: expiresAt }),
      );
    },
    async endSession(hash) {
      await runner.run(builder.deleteFrom('api_session').where('hash', '=', hash));
    },
  };
}

export function accessQueriesOver(runner: SqlRunner): AccessQueries {
  const { builder } = runner;
  return {
    async tokens() {
      return (await runner.all(builder.selectFrom('api_token').selectAll().orderBy('name'))).map(parse);
    },
    async tokenByHash(hash) {
      const row = await first(runner, builder.selectFrom('api_token').selectAll().where('hash', '=', hash));
      return row && parse(row);
    },
    async tokenBySession(hash, now) {
      const row = await first(
        runner,
        builder
          .selectFrom('api_session')
          .innerJoin('api_token', 'api_token.name', 'api_session.token')
          .selectAll('api_token')
          .where('api_session.hash', '=', hash)
          .where('api_session.expires_at', '>', now),
      );
      return row && parse(row);
    },
  };
}
