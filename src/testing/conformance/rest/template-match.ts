/**
 * Says where an answer does not fit the template of an expected one, or null where it does. Extra keys of objects are
 * allowed; texts such as `<datetime>` and lists that begin with `<set>` and the like stand for more than themselves.
 */
export function mismatch(got: unknown, template: unknown, at = ''): string | null {
  if (typeof template === 'string') {
    const kinds = /^<([a-z|]+)>$/.exec(template)?.[1]?.split('|');
    if (kinds) return kinds.some((kind) => KINDS[kind]?.(got)) ? null : `${at}: ${short(got)} is no ${template}`;
    if (isTime(template) && typeof got === 'string' && isTime(got) && Date.parse(got) === Date.parse(template)) {
      return null;
    }
  }
  if (Array.isArray(template)) return listMismatch(got, template, at);
  if (typeof template === 'object' && template !== null) {
    if (typeof got !== 'object' || got === null || Array.isArray(got)) return `${at}: ${short(got)} is no object`;
    for (const [key, value] of Object.entries(template)) {
      if (!Object.hasOwn(got, key)) return `${at}.${key} is missing`;
      const found = mismatch((got as Record<string, unknown>)[key], value, `${at}.${key}`);
      if (found) return found;
    }
    return null;
  }
  return got === template ? null : `${at}: ${short(got)}, expected ${short(template)}`;
}

const short = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 300);

function listMismatch(got: unknown, template: readonly unknown[], at: string): string | null {
  if (!Array.isArray(got)) return `${at}: ${short(got)} is no list`;
  const [marker, ...items] = template;
  const fits = (value: unknown, item: unknown) => mismatch(value, item) === null;
  if (marker === '<count>') return got.length === items[0] ? null : `${at}: ${got.length} items, expected ${items[0]}`;
  if (marker === '<each>') {
    return got.map((each, index) => mismatch(each, items[0], `${at}[${index}]`)).find((found) => found) ?? null;
  }
  if (marker === '<has>') {
    let next = 0;
    for (const each of got) if (next < items.length && fits(each, items[next])) next += 1;
    return next === items.length ? null : `${at}: nothing fits ${short(items[next])}`;
  }
  const wanted = marker === '<set>' ? items : template;
  if (got.length !== wanted.length) return `${at}: ${got.length} items, expected ${wanted.length}`;
  if (marker !== '<set>') {
    return got.map((each, index) => mismatch(each, wanted[index], `${at}[${index}]`)).find((found) => found) ?? null;
  }
  const left = [...got];
  for (const item of wanted) {
    const place = left.findIndex((each) => fits(each, item));
    if (place < 0)
      return `${at}: nothing fits ${short(item)}; there is ${left.map((each) => mismatch(each, item)).join('; ')}`;
    left.splice(place, 1);
  }
  return null;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
const isTime = (text: string) => TIME.test(text);

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  bool: (value) => typeof value === 'boolean',
  int: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  datetime: (value) => typeof value === 'string' && isTime(value),
  uuid: (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
  list: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  any: () => true,
};
