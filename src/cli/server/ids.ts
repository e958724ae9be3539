import { randomBytes } from 'node:crypto';
import type { Ids } from '../../engine/ids.ts';

/** 72 random bits as text. */
export const randomIds: Ids = { random: () => randomBytes(9).toString('base64url') };
