import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connection, dag, task } from 'millrace';

const importContacts = task('import_contacts', async (_: void, { log }) => {
  const password = await connection('crm_api').password();
  log.info(`a password of ${password?.length} letters`);
});

/** Looks for a connection that nobody has made. */
export const crmImport = dag('crm_import', { schedule: null }, () => {
  importContacts();
});

const syncTable = task('sync_table', (table: string) => table, { pool: { name: 'warehouse', slots: 1 } });
const tables = task('list_tables', () => ['orders', 'items']);

/** Waits for a pool that nobody has made. */
export const warehouseSync = dag('warehouse_sync', { schedule: null }, () => {
  syncTable.over(tables());
});

/** Says something until a file `quiet` lies in the folder of the test. Lines that follow each other are not alike. */
const chatter = task('chatter', async (_: void, { log, progress }) => {
  const word = (n: number) => ['ready', 'steady', 'go'][n % 3];
  for (let n = 1; n <= 90; n += 1) log.info(`${word(n)} ${n}`);
  for await (const n of progress(Array.from({ length: 900 }, (_, at) => 91 + at))) {
    log.info(`${word(n)} ${n}`);
    if (existsSync(join(process.env.PAGE_TEST_FOLDER!, 'quiet'))) return;
    await pause(100);
  }
});
export const chatting = dag('chatting', { schedule: null }, () => {
  chatter();
});
