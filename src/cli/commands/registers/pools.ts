import { limitKeys } from '../../../engine/limits.ts';
import { putPool } from '../../../engine/operations.ts';
import { MillraceError } from '../../../model/errors.ts';
import type { PoolRow } from '../../../store/rows.ts';
import { wholeNumber } from '../../arguments.ts';
import { command, group } from '../../command.ts';
import { didYouMean } from '../../names.ts';
import type { Session } from '../../session.ts';

const DEFAULT_POOL = 'default_pool';

export const pools = () =>
  group('pools', 'pools: how many tasks may use a resource at once', [list(), get(), set(), remove()]);

const list = () =>
  command(
    'list',
    'list the pools with what is in use',
    (it) => it,
    async (session) => {
      const rows = await used(session, await session.operate(({ tx }) => tx.pools.list()));
      session.terminal.data(rows, () =>
        session.terminal.table(
          ['POOL', ['SLOTS', 'right'], ['USED', 'right'], ['WAITING', 'right'], 'DESCRIPTION'],
          rows.map((row) => [row.name, slotsText(row.slots), String(row.used), String(row.waiting), row.description]),
        ),
      );
    },
  );

const get = () =>
  command<readonly [name: string]>(
    'get',
    'show a pool',
    (it) => it.argument('<pool>'),
    async (session, [name]) => {
      const [row] = await used(session, [await poolNamed(session, name)]);
      session.terminal.data(
        row,
        () => `${name}: ${row!.used} of ${slotsText(row!.slots)} slots in use, ${row!.waiting} waiting`,
      );
    },
  );

const set = () =>
  command<readonly [name: string, slots: string, description: string | undefined], { includeDeferred?: boolean }>(
    'set',
    'make a pool or change it',
    (it) =>
      it
        .argument('<pool>', 'its name')
        .argument('<slots>', 'how many slots it has; -1: no limit')
        .argument('[description]')
        .option('--include-deferred', 'deferred tasks keep their slots'),
    async (session, [name, slots, description], { includeDeferred }) => {
      const count = wholeNumber('<slots>', slots, { least: -1 })!;
      if (!/^[\w.-]{1,250}$/.test(name)) {
        throw new MillraceError('invalid_id', `'${name}' cannot be the name of a pool`, {
          fix: "Use letters, digits, '_', '.' and '-', at most 250.",
        });
      }
      const pool = await session.operate(async (e) => {
        const before = await e.tx.pools.get(name);
        const row: PoolRow = {
          name,
          slots: count,
          description: description ?? before?.description ?? '',
          includeDeferred: includeDeferred ?? before?.includeDeferred ?? false,
        };
        await putPool(e, row);
        return row;
      });
      session.terminal.data(pool, () => `pool ${name} has ${slotsText(count)} slots`);
    },
  );

const remove = () =>
  command<readonly [name: string]>(
    'delete',
    'delete a pool',
    (it) => it.argument('<pool>'),
    async (session, [name]) => {
      if (name === DEFAULT_POOL) {
        throw new MillraceError('conflict', `${DEFAULT_POOL} cannot be deleted: tasks without a pool use it`, {
          fix: `Change its size instead: millrace pools set ${DEFAULT_POOL} 128`,
        });
      }
      await poolNamed(session, name);
      await session.operate(({ tx }) => tx.pools.remove(name));
      session.terminal.data(
        { name, deleted: true },
        () => `pool ${name} is deleted; tasks that use it wait until there is one`,
      );
    },
  );

async function poolNamed(session: Session, name: string): Promise<PoolRow> {
  const rows = await session.operate(({ tx }) => tx.pools.list());
  const row = rows.find((pool) => pool.name === name);
  if (row) return row;
  const known = rows.map((pool) => pool.name);
  throw new MillraceError('not_found', `there is no pool '${name}'`, {
    fix: didYouMean(name, known, 'millrace pools list'),
  });
}

async function used(session: Session, pools: readonly PoolRow[]) {
  const { queries } = await session.store();
  const limits = new Map((await queries.limits()).map((row) => [row.key, row]));
  return pools.map((pool) => {
    const limit = limits.get(limitKeys.pool(pool.name));
    return { ...pool, used: limit?.used ?? 0, waiting: limit?.parked ?? 0 };
  });
}

const slotsText = (slots: number) => (slots < 0 ? 'unlimited' : String(slots));
