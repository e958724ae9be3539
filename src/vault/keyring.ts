import { createHash, randomBytes } from 'node:crypto';
import { MillraceError } from '../model/errors.ts';

const KEY_BYTES = 32;

/** One AES-256 key. */
export interface EncryptionKey {
  /** The beginning of the key's SHA-256: tells keys apart and gives nothing away. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** Keys in order: the first one encrypts, all of them decrypt. Never empty. */
export type Keyring = readonly [EncryptionKey, ...EncryptionKey[]];

export function keyOf(bytes: Buffer): EncryptionKey {
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

export function newKey(): EncryptionKey {
  return keyOf(randomBytes(KEY_BYTES));
}

export function keyText(key: EncryptionKey): string {
  return key.bytes.toString('base64');
}

/**
 * Reads keys from texts: 32 bytes in Base64 (also its URL form) or hexadecimal digits. Throws `invalid_argument` naming
 * `source` and the place in the list, never the text.
 */
export function parseKeys(texts: readonly string[], source: string): Keyring {
  const [first, ...rest] = texts
    .map((text) => text.trim())
    .filter((text) => text !== '' && !text.startsWith('#'))
    .map((text, index) => parseKey(text, `key ${index + 1} of ${source}`));
  if (first) return [first, ...rest];
  throw new MillraceError('invalid_argument', `${source} holds no encryption key`, { fix: FIX });
}

const FIX = 'Give 32 random bytes in Base64, such as the output of: openssl rand -base64 32';

function parseKey(text: string, what: string): EncryptionKey {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (bytes.length === KEY_BYTES && /^[\w+/=-]+$/.test(text)) return keyOf(bytes);
  throw new MillraceError('invalid_argument', `${what} is not 32 bytes in Base64 or hexadecimal digits`, { fix: FIX });
}
