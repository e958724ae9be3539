import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { MillraceError } from '../model/errors.ts';
import type { KeySource } from './key-file.ts';
import type { EncryptionKey, Keyring } from './keyring.ts';

export const SEALED_KINDS = ['connection', 'variable', 'secret'] as const;
export type SealedKind = (typeof SEALED_KINDS)[number];

/** What a value belongs to. It is part of what is sealed: under another name or kind the value does not open. */
export interface Owner {
  readonly kind: SealedKind;
  readonly name: string;
}

const FORMAT = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals texts with AES-256-GCM and opens them. A sealed text is `v1.KEY.DATA`: the id of its key, then nonce, tag and
 * cipher text in Base64.
 */
export class Vault {
  readonly #source: KeySource;
  #keys: Promise<Keyring> | undefined;

  constructor(source: KeySource) {
    this.#source = source;
  }

  async seal({ kind, name }: Owner, text: string): Promise<string> {
    const [key] = await this.#load();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(bound({ kind, name }, key));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${FORMAT}.${key.id}.${Buffer.concat([nonce, cipher.getAuthTag(), data]).toString('base64')}`;
  }

  /** Throws `decryption_failed` when no key fits, or the text was changed or belongs to another owner. */
  async open(owner: Owner, sealed: string): Promise<string> {
    const [format, id = '', data = ''] = sealed.split('.');
    if (format !== FORMAT) throw failed(owner, 'its form is unknown', 'Update Millrace, or enter the value again.');
    const key = await this.#find(id);
    if (!key) throw failed(owner, `it was sealed with key ${id}, which is not among the keys`, restoreKey(id));
    const bytes = Buffer.from(data, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, NONCE_BYTES));
      decipher.setAAD(bound(owner, key)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw failed(owner, 'it was changed, or moved here from another name', enterAgain(owner), cause);
    }
  }

  /** The ids of the keys, the one that encrypts first. */
  async keyIds(): Promise<readonly string[]> {
    return (await this.#load()).map(({ id }) => id);
  }

  /** True for what the first key sealed: rotation leaves it alone. */
  async isCurrent(sealed: string): Promise<boolean> {
    const [key] = await this.#load();
    return sealed.startsWith(`${FORMAT}.${key.id}.`);
  }

  #load(): Promise<Keyring> {
    this.#keys ??= this.#source.load();
    // A failure is not kept: the next look may find the file mended.
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return this.#keys;
  }

  /** Looks once more when the key is not there: another process may have rotated meanwhile. */
  async #find(id: string): Promise<EncryptionKey | undefined> {
    const known = (await this.#load()).find((key) => key.id === id);
    if (known) return known;
    this.#keys = undefined;
    return (await this.#load()).find((key) => key.id === id);
  }
}

/** Kind, name and key, told apart whatever the name contains. */
function bound(owner: Owner, key: EncryptionKey): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, key.id, owner.kind, owner.name]));
}

function failed({ kind, name }: Owner, why: string, fix: string, cause?: unknown): MillraceError {
  return new MillraceError('decryption_failed', `${kind} '${name}' cannot be decrypted: ${why}`, { fix, cause });
}

function restoreKey(id: string): string {
  return `Add key ${id} to the file "keys" in the home folder, or behind a comma to MILLRACE_ENCRYPTION_KEY; if it is lost, enter the value again.`;
}

function enterAgain({ kind, name }: Owner): string {
  return `Enter it again: millrace ${kind}s ${kind === 'connection' ? 'add' : 'set'} ${name}`;
}
