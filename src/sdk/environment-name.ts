/**
 * The environment variable that a connection, variable or secret can be given by: `MILLRACE_CONN_MY_DB` for the
 * connection `my-db`. Letters are upper case, and whatever is neither letter nor digit is an underscore.
 */
export function environmentName(kind: 'CONN' | 'VAR' | 'SECRET', name: string): string {
  return `MILLRACE_${kind}_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
