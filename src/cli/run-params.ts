import { MillraceError } from '../model/errors.ts';
import type { WorkflowSpec } from '../model/spec.ts';

/**
 * Params as `-p name=value` gives them. A value is read as JSON where it is JSON, else it is a text; where the schema
 * says that a param is a text, it is taken as it stands. Throws `invalid_argument` for what is no pair.
 */
export function paramsGiven(
  pairs: readonly string[],
  { params }: Pick<WorkflowSpec, 'params'>,
): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0) {
        throw new MillraceError('invalid_argument', `-p ${pair} is not a name and a value`, {
          fix: 'Write it like -p name=value.',
        });
      }
      const name = pair.slice(0, at);
      return [name, read(pair.slice(at + 1), isText(params.schema, name))];
    }),
  );
}

export function collectPair(pair: string, before: readonly string[]): readonly string[] {
  return [...before, pair];
}

function read(text: string, asText: boolean): unknown {
  if (asText) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isText(schema: object | null, name: string): boolean {
  const { properties } = (schema ?? {}) as {
    readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
  };
  return properties?.[name]?.type === 'string';
}
