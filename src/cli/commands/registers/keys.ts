import { resealAll } from '../../../vault/entry.ts';
import { KEY_VARIABLE } from '../../../vault/key-file.ts';
import { SEALED_KINDS } from '../../../vault/vault.ts';
import { command, group } from '../../command.ts';

export const keys = () => group('keys', 'the keys that encrypt connections, variables and secrets', [list(), rotate()]);

const list = () =>
  command(
    'list',
    'list the ids of the keys; the first one encrypts',
    (it) => it,
    async (session) => {
      const ids = await session.vault.keyIds();
      const source = session.env[KEY_VARIABLE] ? KEY_VARIABLE : 'file';
      session.terminal.data({ source, keys: ids }, () => ids.join('\n'));
    },
  );

const rotate = () =>
  command<readonly [], { dropOld?: boolean }>(
    'rotate',
    `encrypt everything anew: with a new key, or with the first one of ${KEY_VARIABLE}`,
    (it) => it.option('--drop-old', 'forget the old keys afterwards; backups of the database need them'),
    async (session, _args, { dropOld }) => {
      const fromFile = !session.env[KEY_VARIABLE];
      // What cannot be opened must be known before there is one more key.
      await session.operate(({ tx }) => resealAll(tx, session.vault, SEALED_KINDS));
      if (fromFile) await session.keys.add();
      const count = await session.operate(({ tx }) => resealAll(tx, session.vault, SEALED_KINDS));
      if (dropOld) await session.keys.dropOld();
      const ids = await session.vault.keyIds();
      session.terminal.data(
        { resealed: count, keys: ids },
        () => `${count} values are encrypted with key ${ids[0]} now`,
      );
    },
  );
