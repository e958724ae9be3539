import { parseDate } from '../model/date.ts';
import { MillraceError } from '../model/errors.ts';

/** Reads options whose text has a form; what does not fit is `invalid_argument`, so that the exit code is 2. */

export function jsonObject(option: string, text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  const value = jsonValue(option, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new MillraceError('invalid_argument', `${option} is not a JSON object: ${text}`, {
    fix: `Write it like ${option} '{"name": "value"}'.`,
  });
}

export function jsonValue(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MillraceError(
      'invalid_argument',
      `${option} is not JSON: ${cause instanceof Error ? cause.message : cause}`,
      {
        fix: `Write it like ${option} '{"name": "value"}', in single quotes so that the shell leaves it alone.`,
      },
    );
  }
}

/** Milliseconds since the epoch. */
export function date(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDate(text);
  } catch (cause) {
    const fix = MillraceError.is(cause) ? cause.fix : undefined;
    throw new MillraceError('invalid_argument', `${option}: ${cause instanceof Error ? cause.message : cause}`, {
      ...(fix === undefined ? {} : { fix }),
    });
  }
}

export function wholeNumber(
  option: string,
  text: string | undefined,
  { least, most = Number.MAX_SAFE_INTEGER }: { readonly least: number; readonly most?: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new MillraceError('invalid_argument', `${option} is not a whole number ${range}: ${text}`, {
    fix: `Give ${option} a whole number ${range}.`,
  });
}

export function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new MillraceError('invalid_argument', `${option} is not one of ${choices.join(', ')}: ${text}`, {
    fix: `Choose one of ${choices.join(', ')}.`,
  });
}
