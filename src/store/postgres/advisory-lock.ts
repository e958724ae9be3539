import { createHash } from 'node:crypto';

/** 'limits': claims and changes of limits. 'journal': numbering of events and log chunks. 'migration': the schema. */
export type AdvisoryLock = 'limits' | 'journal' | 'migration';

/**
 * The two numbers of an advisory lock. They are the database's, which several Millraces in schemas of their own may
 * share: the first number is the schema's, the second the lock's.
 */
export function advisoryKey(schema: string, lock: AdvisoryLock): [schema: number, lock: number] {
  return [hash(`millrace:${schema}`), hash(lock)];
}

const hash = (text: string) => createHash('sha256').update(text).digest().readInt32BE(0);
