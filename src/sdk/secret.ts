import { MillraceError } from '../model/errors.ts';
import { environmentName } from './environment-name.ts';
import { scopeFor } from './scope.ts';

/**
 * A secret of the installation: from the environment, a secrets backend or the store. It is masked in the attempt's
 * log. Works while a task or a flow runs. Throws `missing_secret` when nobody knows it.
 */
export async function secret(name: string): Promise<string> {
  const scope = scopeFor(`secret('${name}')`);
  const value = await scope.secret(name);
  if (value === undefined) {
    throw new MillraceError('missing_secret', `there is no secret '${name}'`, {
      fix: `Set ${environmentName('SECRET', name)}, or run: millrace secrets set ${name}`,
    });
  }
  scope.mask(value);
  return value;
}

/** From now on the value is written as *** in this attempt's log and errors. Works while a task or a flow runs. */
export function mask(value: string): void {
  scopeFor('mask()').mask(value);
}
