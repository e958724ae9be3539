/** What a secret is replaced by. */
const STARS = '***';

/** Shorter secrets are not looked for: they would blank out half of every text (Airflow's). */
export const SHORTEST_SECRET = 5;

/** A shorter piece of Base64 could be anything. */
const SHORTEST_BASE64 = 8;

/** A field whose name contains one of these holds a secret (Airflow's list); case, `_` and `-` are ignored. */
const SENSITIVE = [
  'access_token',
  'api_key',
  'apikey',
  'authorization',
  'passphrase',
  'passwd',
  'password',
  'private_key',
  'secret',
  'token',
  'keyfile_dict',
  'service_account',
].map(plainName);

/** True for the name of a field that holds a secret, such as `apiKey` or `DB_PASSWORD`. */
export function isSensitive(name: string): boolean {
  const plain = plainName(name);
  return SENSITIVE.some((word) => plain.includes(word));
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_\-\s]/g, '');
}

export interface Masker {
  /**
   * From now on looks for a secret, as it is and in the forms that it takes in URLs, in JSON and in Base64, and for
   * each of its lines. False when it is too short to look for: a warning is in order then.
   */
  add(secret: string): boolean;
  /** Adds all texts in fields with sensitive names, at any depth, such as those of a connection's `extra`. */
  addFields(value: unknown): void;
  /** The text with *** in place of every secret. A secret that is split over two texts is not seen. */
  mask(text: string): string;
  /**
   * A copy of plain data (objects, arrays, Maps, Sets) with *** in place of what fields with sensitive names hold, and
   * with every other text and key masked. Instances of other classes stay as they are.
   */
  maskFields(value: unknown): unknown;
}

/** Makes a masker that knows no secrets yet. Adding is cheap; the first text after it pays for a new pattern. */
export function createMasker(): Masker {
  const forms = new Set<string>();
  let pattern: RegExp | null = null;

  const add = (secret: string): boolean => {
    if (secret.length < SHORTEST_SECRET) return false;
    const known = forms.size;
    for (const form of formsOf(secret)) forms.add(form);
    if (forms.size > known) pattern = null;
    return true;
  };

  const mask = (text: string): string => {
    if (forms.size === 0) return text;
    pattern ??= new RegExp(
      [...forms]
        .sort((a, b) => b.length - a.length)
        .map(escapePattern)
        .join('|'),
      'g',
    );
    return text.replace(pattern, STARS);
  };

  return {
    add,
    addFields: (value) => visit(value, false, new Set(), add),
    mask,
    maskFields: (value) => copy(value, mask, new Map()),
  };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function formsOf(secret: string): string[] {
  const texts = [secret, ...secret.split(/\r?\n/)];
  const forms = texts.flatMap((text) => [text, ...urlForms(text), ...jsonForms(text)]);
  return [...forms.filter((form) => form.length >= SHORTEST_SECRET), ...base64Forms(secret)];
}

function urlForms(secret: string): string[] {
  // Half a surrogate pair has no form in a URL; this replaces it, as writers of URLs do.
  const text = Buffer.from(secret, 'utf8').toString('utf8');
  const url = new URL('http://host');
  url.password = text;
  const component = encodeURIComponent(text);
  const query = new URLSearchParams({ '': text }).toString().slice(1);
  const lowerCase = component.replaceAll(/%../g, (byte) => byte.toLowerCase());
  return [component, lowerCase, query, url.password];
}

/** In JSON, in JSON within JSON, and as Node.js shows a text in an object. */
function jsonForms(text: string): string[] {
  const inner = (json: string) => JSON.stringify(json).slice(1, -1);
  return [
    inner(text),
    inner(inner(text)),
    inner(text).replaceAll('\\"', '"'),
    inner(text).replaceAll('\\"', '"').replaceAll("'", "\\'"),
  ];
}

/** What all Base64 texts have in common that contain the secret, for each of its three places within three bytes. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret, 'utf8')]).toString('base64');
    const own = text.replace(/=+$/, '');
    // Characters that also hold bits of what comes before or after the secret differ from text to text.
    const stable = own.slice(Math.ceil((before * 8) / 6), own.length === text.length ? undefined : -1);
    const forms = [stable, stable.replaceAll('+', '-').replaceAll('/', '_')];
    return forms.filter((form) => form.length >= SHORTEST_BASE64);
  });
}

/** The elements of plain data, each with the name that it has there. */
function elementsOf(value: unknown): Iterable<readonly [name: unknown, element: unknown]> | null {
  if (Array.isArray(value)) return value.map((element) => [null, element] as const);
  if (value instanceof Map) return value;
  if (value instanceof Set) return [...value].map((element) => [null, element] as const);
  if (typeof value !== 'object' || value === null) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? Object.entries(value) : null;
}

function visit(value: unknown, sensitive: boolean, seen: Set<unknown>, add: (secret: string) => void): void {
  if (typeof value === 'string' && sensitive) add(value);
  const elements = elementsOf(value);
  if (elements === null || seen.has(value)) return;
  seen.add(value);
  for (const [name, element] of elements) {
    visit(element, sensitive || (typeof name === 'string' && isSensitive(name)), seen, add);
  }
}

function copy(value: unknown, mask: (text: string) => string, copies: Map<unknown, unknown>): unknown {
  if (typeof value === 'string') return mask(value);
  const elements = elementsOf(value);
  if (elements === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const target = value instanceof Map ? new Map() : value instanceof Set ? new Set() : Array.isArray(value) ? [] : {};
  copies.set(value, target);
  for (const [name, element] of elements) {
    const hidden = typeof name === 'string' && isSensitive(name) && holdsSomething(element);
    const copied = hidden ? STARS : copy(element, mask, copies);
    if (target instanceof Map) target.set(typeof name === 'string' ? mask(name) : name, copied);
    else if (target instanceof Set) target.add(copied);
    else if (Array.isArray(target)) target.push(copied);
    else
      Object.defineProperty(target, mask(String(name)), {
        value: copied,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return target;
}

/** Nothing, and yes or no, give nothing away, and to see them helps. */
function holdsSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && typeof value !== 'boolean';
}
