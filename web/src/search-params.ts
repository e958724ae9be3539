/** What the address holds, made safe: a text, or undefined. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number, or undefined. */
export function whole(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

type Given = Record<string, unknown>;

/** Every part of the address may be left out, where one links to it as well. */
export const optional =
  <T extends object>(read: (given: Given) => T) =>
  (given: Given): { [K in keyof T]?: T[K] } =>
    read(given);
