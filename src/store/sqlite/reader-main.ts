import { parentPort, workerData } from 'node:worker_threads';
import { Database } from './database.ts';
import type { Question, Reply } from './reader.ts';

/** The reading thread: a connection of its own, which sees what was committed before it is asked. */
const { path } = workerData as { readonly path: string };
const database = new Database(path, { readonly: true });

parentPort!.on('message', ({ id, sql, parameters }: Question) => {
  let reply: Reply;
  try {
    reply = { id, rows: database.prepare(sql).all(...parameters) };
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string };
    reply = { id, error: { message, code } };
  }
  parentPort!.postMessage(reply);
});
