import type { Connection } from '../../model/connection.ts';
import { MillraceError } from '../../model/errors.ts';
import type { AttemptScope } from '../../sdk/scope.ts';
import { resolveConnection } from '../connections.ts';

/** Where requests go, and what goes with each. */
export interface Base {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly basic: { readonly user: string; readonly password: string } | undefined;
}

/** Keys of an Airflow HTTP connection's extra that configure its client, and are no headers. */
const NOT_HEADERS = new Set([
  ...['timeout', 'allow_redirects', 'proxies', 'proxy', 'verify', 'cert', 'stream', 'check_response', 'max_redirects'],
  ...['trust_env', 'headers', 'base_url'],
]);

/**
 * `target` is a base URL when it contains `://`, else the name of a connection of type `http` or `https`: scheme, host,
 * port and path are the URL, login and password are Basic authentication, and `extra` are headers, as in Airflow.
 */
export async function resolveBase(target: string, scope: AttemptScope | undefined): Promise<Base> {
  if (target.includes('://')) return fromUrl(target, scope);
  return fromConnection(await resolveConnection(target, { provider: 'http', types: ['http', 'https'] }, scope));
}

function fromUrl(target: string, scope: AttemptScope | undefined): Base {
  const url = parse(target);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  if (password !== '') scope?.mask(password);
  url.username = '';
  url.password = '';
  return { url, headers: {}, basic: user === '' && password === '' ? undefined : { user, password } };
}

function fromConnection({ type, host = '', port, schema, login, password, extra }: Connection): Base {
  const given = typeof extra.base_url === 'string' ? extra.base_url : host;
  // In Airflow's form the path of the URI is the scheme: http://example.com/https
  const scheme = schema === 'http' || schema === 'https' ? schema : type;
  const path = schema === undefined || schema === scheme ? '' : `/${schema}`;
  const url = parse(
    given.includes('://') ? given : `${scheme}://${given}${port === undefined ? '' : `:${port}`}${path}`,
  );
  if (given.includes('://') && port !== undefined) url.port = String(port);
  const nested = typeof extra.headers === 'object' && extra.headers !== null ? extra.headers : {};
  const entries = [...Object.entries(extra).filter(([name]) => !NOT_HEADERS.has(name)), ...Object.entries(nested)];
  return {
    url,
    headers: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])),
    basic: login === undefined && password === undefined ? undefined : { user: login ?? '', password: password ?? '' },
  };
}

function parse(text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') return url;
  throw new MillraceError('invalid_connection', 'the base of http() is not a URL of http or https', {
    fix: "Give http() a URL such as 'https://api.example.com/v1', or a connection with a host.",
  });
}

export type Query = Readonly<
  Record<string, string | number | boolean | bigint | Date | null | undefined | readonly (string | number)[]>
>;

/**
 * The URL of a path below the base: `/score` below `https://host/v1` is `https://host/v1/score`. A path that leads to
 * another origin is refused, because headers and login belong to the base.
 */
export function urlBelow(base: URL, path: string, query: Query = {}): URL {
  const [pathname = '', search] = path.split(/\?(.*)/s);
  const joined =
    pathname === '' ? base.pathname : `${base.pathname.replace(/\/+$/, '')}/${pathname.replace(/^\/+/, '')}`;
  const url = new URL(base);
  url.pathname = joined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new MillraceError('invalid_argument', 'a request takes a path, not a URL', {
      fix: 'Give http() the base of the other URL.',
    });
  }
  for (const [name, value] of new URLSearchParams(search ?? '')) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === null || item === undefined) continue;
      url.searchParams.append(name, item instanceof Date ? item.toISOString() : String(item));
    }
  }
  return url;
}
