import { MillraceError } from '../../../model/errors.ts';
import { SHORTEST_SECRET } from '../../../model/mask.ts';
import { parseSummary } from '../../../vault/entry.ts';
import { command, group } from '../../command.ts';
import { instant, iso } from '../../times.ts';
import { listSealed, putSealed, removeSealed, valueOrInput } from './sealed.ts';

export const secrets = () =>
  group('secrets', 'secrets: texts that pipelines read and nobody is shown', [list(), set(), remove()]);

const list = () =>
  command(
    'list',
    'list the names of the secrets in the store',
    (it) => it,
    async (session) => {
      const rows = await listSealed(session, 'secret');
      const { terminal } = session;
      terminal.data(
        rows.map((row) => ({ name: row.name, ...parseSummary(row.summary), updatedAt: iso(row.updatedAt) })),
        () =>
          terminal.table(
            ['SECRET', 'UPDATED', 'DESCRIPTION'],
            rows.map((row) => [row.name, instant(row.updatedAt), parseSummary(row.summary).description ?? '']),
          ),
      );
    },
  );

const set = () =>
  command<readonly [name: string, value: string | undefined], { description?: string }>(
    'set',
    'make a secret or change it; it is encrypted and never shown again',
    (it) =>
      it
        .argument('<secret>', 'its name')
        .argument('[value]', 'its text; better left away, so that it is read from stdin')
        .option('--description <text>'),
    async (session, [name, value], { description }) => {
      const text = await valueOrInput(value, 'the secret');
      if (text === '')
        throw new MillraceError('invalid_argument', 'the secret is empty', { fix: 'Give it some text.' });
      if (text.length < SHORTEST_SECRET) {
        session.terminal.say(`A secret of fewer than ${SHORTEST_SECRET} characters is not masked in logs.`);
      }
      await putSealed(session, { kind: 'secret', name }, text, description === undefined ? {} : { description });
      session.terminal.data({ name, set: true }, () => `secret ${name} is set`);
    },
  );

const remove = () =>
  command<readonly [name: string]>(
    'delete',
    'delete a secret',
    (it) => it.argument('<secret>'),
    async (session, [name]) => {
      await removeSealed(session, { kind: 'secret', name });
      session.terminal.data({ name, deleted: true }, () => `secret ${name} is deleted`);
    },
  );
