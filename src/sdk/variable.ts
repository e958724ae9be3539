import { MillraceError } from '../model/errors.ts';
import { environmentName } from './environment-name.ts';
import { scopeFor } from './scope.ts';

/**
 * A variable of the installation, as text: from the environment, a secrets backend or the store. Works while a task or
 * a flow runs. Throws `missing_variable` when nobody knows it and there is no default.
 */
export async function variable(name: string, options?: { readonly default?: string }): Promise<string> {
  const found = await scopeFor(`variable('${name}')`).variable(name);
  const value = found ?? options?.default;
  if (value === undefined) throw missing(name);
  return value;
}

/** The same, for a variable whose text is JSON. Throws `invalid_argument` when it is not. */
variable.json = async function json<T>(name: string, options?: { readonly default?: T }): Promise<T> {
  const found = await scopeFor(`variable.json('${name}')`).variable(name);
  if (found === undefined) {
    if (options && 'default' in options) return options.default as T;
    throw missing(name);
  }
  try {
    return JSON.parse(found) as T;
  } catch (cause) {
    throw new MillraceError('invalid_argument', `variable '${name}' is no JSON`, {
      fix: `Read it as text with variable('${name}'), or correct its value.`,
      cause,
    });
  }
};

function missing(name: string): MillraceError {
  return new MillraceError('missing_variable', `there is no variable '${name}'`, {
    fix: `Set ${environmentName('VAR', name)}, run: millrace variables set ${name} VALUE, or give a default.`,
    lacks: { kind: 'variable', name },
  });
}
