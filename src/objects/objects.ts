import { createHash } from 'node:crypto';
import { MillraceError } from '../model/errors.ts';

/** The name of an object: the SHA-256 of its bytes, 64 lower-case hexadecimal digits. */
export type ObjectHash = string;

export interface StoredObject {
  readonly hash: ObjectHash;
  /** Bytes. */
  readonly size: number;
  /** When the object was last put, also if it was there already. */
  readonly modifiedAt: Date;
}

/**
 * Keeps values that are too big for the database, each under the hash of its bytes: the same bytes are kept once, and an
 * object never changes. When `put` has settled, the object survives a crash of the machine. Every method may be called
 * from many processes at once.
 */
export interface ObjectStore {
  /** Keeps the bytes and gives their hash. Putting what is there again renews `modifiedAt`, and heals a damaged object. */
  put(bytes: Uint8Array): Promise<ObjectHash>;
  /** The bytes. Throws `not_found`, and `object_corrupt` when what is kept does not have the hash any more. */
  get(hash: ObjectHash): Promise<Uint8Array>;
  has(hash: ObjectHash): Promise<boolean>;
  /** Removes the object; one that is not there is no error. */
  delete(hash: ObjectHash): Promise<void>;
  /** All objects, in no order. What is put or removed meanwhile may be missing or still there. */
  list(): AsyncIterable<StoredObject>;
}

export function hashOf(bytes: Uint8Array): ObjectHash {
  return createHash('sha256').update(bytes).digest('hex');
}

const HASH = /^[0-9a-f]{64}$/;

export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** Refuses what is no hash: it becomes part of a path. */
export function checkHash(hash: ObjectHash): void {
  if (isHash(hash)) return;
  throw new MillraceError('invalid_argument', `'${hash.slice(0, 80)}' is not the hash of an object`, {
    fix: 'A hash is the SHA-256 of the bytes: 64 digits 0-9 and a-f.',
  });
}

/** Gives the bytes back if they have the hash. `where` says where they are kept. */
export function verified(bytes: Uint8Array, hash: ObjectHash, where: string): Uint8Array {
  if (hashOf(bytes) === hash) return bytes;
  throw new MillraceError(
    'object_corrupt',
    `the object at ${where} is damaged: its ${bytes.length} bytes have another hash`,
    {
      fix: 'Restore it from a backup, or clear the task that made it, so that it is made again.',
    },
  );
}

export function notFound(hash: ObjectHash, where: string): MillraceError {
  return new MillraceError('not_found', `there is no object ${hash} in ${where}`, {
    fix: 'It was removed, or another object store is configured than when it was written: clear the task that made it.',
  });
}
