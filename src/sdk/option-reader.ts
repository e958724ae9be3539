import { MillraceError } from '../model/errors.ts';
import { placed } from './id.ts';
import { nearest } from './nearest.ts';
import type { PlaceProbe } from './place.ts';

/** Refuses an option's value, saying what is wrong with it and what to write instead. */
export type Refuse = (why: string, fix: string) => never;

/** A reader for each name that there is. */
export type Readers<T, Name extends string = string> = {
  readonly [N in Name]: (value: unknown, refuse: Refuse) => Partial<T>;
};

/**
 * Reads an object of options: every member by its reader; undefined counts as not given. Throws `invalid_option` for
 * members that have no reader and for values that are refused; errors of the readers' own (`invalid_duration`) pass,
 * with the owner in front.
 * @param owner whom the options belong to, for messages: "task 'extract'".
 */
export function readOptions<T>(
  options: unknown,
  readers: Readers<T>,
  { owner, place }: { readonly owner: string; readonly place: PlaceProbe },
): Partial<T> {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption(`the options of ${owner} are not an object`, 'Write the options as { name: value }.', place);
  }
  const read: Partial<T> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!reader) throw unknownOption(owner, name, Object.keys(readers), place);
    const refuse: Refuse = (why, fix) => {
      throw invalidOption(`${owner}: option '${name}': ${written(value)} ${why}`, fix, place);
    };
    Object.assign(
      read,
      withOwner(() => reader(value, refuse), { owner: `${owner}: option '${name}'`, place }),
    );
  }
  return read;
}

/** Runs a parser of the model or of the timetables and puts owner and place to the error that it throws. */
export function withOwner<T>(
  parse: () => T,
  { owner, place }: { readonly owner: string; readonly place: PlaceProbe },
): T {
  try {
    return parse();
  } catch (error) {
    if (!MillraceError.is(error) || error.place) throw error;
    const { code, message, fix } = error;
    if (message.startsWith(owner)) throw error;
    throw new MillraceError(code, `${owner}: ${message}`, {
      ...(fix ? { fix } : {}),
      ...placed(place),
      cause: error.cause,
    });
  }
}

export function wholeNumber(value: unknown, least: number, refuse: Refuse): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`is not a whole number of at least ${least}`, `Write a whole number, ${least} or more.`);
}

export function text(value: unknown, refuse: Refuse): string {
  return typeof value === 'string' && value !== '' ? value : refuse('is not a text', 'Write a text.');
}

export function textList(value: unknown, refuse: Refuse): readonly string[] {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
  return isList ? [...(value as string[])] : refuse('is not a list of texts', 'Write a list of texts.');
}

export function flag(value: unknown, refuse: Refuse): boolean {
  return typeof value === 'boolean' ? value : refuse('is neither true nor false', 'Write true or false.');
}

export function callback(value: unknown, refuse: Refuse): (...args: never[]) => unknown {
  if (typeof value === 'function') return value as (...args: never[]) => unknown;
  return refuse('is not a function', 'Write a function.');
}

export function oneOf<const T extends string>(value: unknown, allowed: readonly T[], refuse: Refuse): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  return refuse('is not one of its values', `${suggestion(value, allowed)}The values are ${listed(allowed)}.`);
}

/** "Did you mean 'x'? " where something like it exists, else nothing. */
export function suggestion(value: unknown, candidates: Iterable<string>): string {
  const near = typeof value === 'string' ? nearest(value, candidates) : undefined;
  return near === undefined ? '' : `Did you mean '${near}'? `;
}

export function listed(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

/** A value as a message shows it, cut to a reasonable length. */
export function written(value: unknown): string {
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function';
  if (typeof value === 'symbol' || typeof value === 'bigint') return String(value);
  let shown: string | undefined;
  try {
    shown = JSON.stringify(value);
  } catch {
    shown = undefined;
  }
  const result = shown ?? String(typeof value);
  return result.length > 60 ? `${result.slice(0, 59)}…` : result;
}

export function invalidOption(message: string, fix: string, place: PlaceProbe): MillraceError {
  return new MillraceError('invalid_option', message, { fix, ...placed(place) });
}

function unknownOption(owner: string, name: string, known: readonly string[], place: PlaceProbe): MillraceError {
  const fix = `${suggestion(name, known)}The options are ${[...known].sort().join(', ')}.`;
  return invalidOption(`${owner} has no option '${name}'`, fix, place);
}
