import { isSensitive } from '../../../model/mask.ts';
import { parseSummary } from '../../../vault/entry.ts';
import { command, group } from '../../command.ts';
import { instant, iso } from '../../times.ts';
import { findSealed, listSealed, putSealed, removeSealed, valueOrInput } from './sealed.ts';

export const variables = () =>
  group('variables', 'variables: texts that pipelines read', [list(), get(), set(), remove()]);

const list = () =>
  command(
    'list',
    'list the variables in the store',
    (it) => it,
    async (session) => {
      const rows = await listSealed(session, 'variable');
      const { terminal } = session;
      terminal.data(
        rows.map((row) => ({ name: row.name, ...parseSummary(row.summary), updatedAt: iso(row.updatedAt) })),
        () =>
          terminal.table(
            ['VARIABLE', 'UPDATED', 'DESCRIPTION'],
            rows.map((row) => [row.name, instant(row.updatedAt), parseSummary(row.summary).description ?? '']),
          ),
      );
    },
  );

const get = () =>
  command<readonly [name: string]>(
    'get',
    'print a variable as pipelines read it; one whose name says that it is secret is masked',
    (it) => it.argument('<variable>'),
    async (session, [name]) => {
      const { text, source } = await findSealed(session, { kind: 'variable', name });
      const value = isSensitive(name) ? '***' : text;
      session.terminal.data({ name, value, source }, () => value);
    },
  );

const set = () =>
  command<readonly [name: string, value: string | undefined], { description?: string }>(
    'set',
    'make a variable or change it',
    (it) =>
      it
        .argument('<variable>', 'its name')
        .argument('[value]', 'its text; without it, or with "-", it is read from stdin')
        .option('--description <text>'),
    async (session, [name, value], { description }) => {
      const text = await valueOrInput(value, 'the value');
      const summary = description === undefined ? {} : { description };
      await putSealed(session, { kind: 'variable', name }, text, summary);
      session.terminal.data({ name, set: true }, () => `variable ${name} is set`);
    },
  );

const remove = () =>
  command<readonly [name: string]>(
    'delete',
    'delete a variable',
    (it) => it.argument('<variable>'),
    async (session, [name]) => {
      await removeSealed(session, { kind: 'variable', name });
      session.terminal.data({ name, deleted: true }, () => `variable ${name} is deleted`);
    },
  );
