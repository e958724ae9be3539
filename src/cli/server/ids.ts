import { randomFillSync } from 'node:crypto';
import type { Ids } from '../../engine/ids.ts';

const BYTES = 9;
/** Drawn for many ids at once: to ask the system for each costs a hundred times the id. */
const pool = Buffer.alloc(BYTES * 512);
let used = pool.length;

/** 72 random bits as text. */
export const randomIds: Ids = {
  random() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const id = pool.toString('base64url', used, used + BYTES);
    used += BYTES;
    return id;
  },
};
