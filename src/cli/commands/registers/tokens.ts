import { hashOf, newToken } from '../../../api/auth-secret.ts';
import { MillraceError } from '../../../model/errors.ts';
import { checkTokenName, isRole, ROLES } from '../../../model/role.ts';
import { command, group } from '../../command.ts';
import { didYouMean } from '../../names.ts';
import { instant, iso } from '../../times.ts';

export const tokens = () => group('tokens', 'tokens: who may use the page and the API', [create(), list(), revoke()]);

const create = () =>
  command<readonly [name: string], { role: string }>(
    'create',
    'make a token and print it, this once; as soon as there is one, the page and the API ask for it',
    (it) =>
      it
        .argument('<name>', 'whose it is')
        .option(
          '--role <role>',
          'viewer reads; user also runs things; op also changes pools and the like; admin',
          'user',
        ),
    async (session, [name], { role }) => {
      checkTokenName(name);
      if (!isRole(role)) {
        throw new MillraceError('invalid_argument', `there is no role '${role}'`, {
          fix: `Use one of: ${ROLES.join(', ')}.`,
        });
      }
      const token = newToken();
      const row = { name, role, hash: hashOf(token), createdAt: session.clock.now() };
      if (!(await session.operate(({ tx }) => tx.access.addToken(row)))) {
        throw new MillraceError('already_exists', `there is a token '${name}' already`, {
          fix: `Choose another name, or take that one away: millrace tokens revoke ${name}`,
        });
      }
      session.terminal.data({ name, role, token }, () => token);
    },
  );

const list = () =>
  command(
    'list',
    'list the tokens by name; what they are is kept nowhere',
    (it) => it,
    async (session) => {
      const rows = await (await session.store()).queries.tokens();
      session.terminal.data(
        rows.map(({ name, role, createdAt }) => ({ name, role, createdAt: iso(createdAt) })),
        () =>
          session.terminal.table(
            ['TOKEN', 'ROLE', 'MADE'],
            rows.map(({ name, role, createdAt }) => [name, role, instant(createdAt)]),
          ),
      );
    },
  );

const revoke = () =>
  command<readonly [name: string]>(
    'revoke',
    'take a token away: nobody comes in with it any more, and browsers that did are signed out',
    (it) => it.argument('<name>'),
    async (session, [name]) => {
      const revoked = await session.operate(({ tx }) => tx.access.revokeToken(name));
      if (!revoked) {
        const known = (await (await session.store()).queries.tokens()).map((row) => row.name);
        throw new MillraceError('not_found', `there is no token '${name}'`, {
          fix: didYouMean(name, known, 'millrace tokens list'),
        });
      }
      session.terminal.data({ name, revoked: true }, () => `token ${name} is revoked`);
    },
  );
