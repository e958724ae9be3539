import type { RestRequest } from './rest-case.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** Values that answers gave, by name. */
export type Saved = Map<string, unknown>;

/** Sends the requests of cases to a server. */
export class RestSession {
  readonly #base: string;
  readonly #token: string | undefined;

  constructor(base: string, token: string | undefined) {
    this.#base = base;
    this.#token = token;
  }

  async send(request: RestRequest, saved: Saved): Promise<Answer> {
    const filled = fill(request, saved) as RestRequest;
    const url = new URL(`${this.#base}/api/v2${encode(filled.path)}`);
    for (const [name, value] of filled.query ?? []) url.searchParams.append(name, value);
    const content = filled.text ?? (filled.body === undefined ? undefined : JSON.stringify(filled.body));
    const token = filled.auth ?? this.#token;
    const answer = await fetch(url, {
      method: filled.method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(token === undefined || token === 'none' ? {} : { authorization: `Bearer ${token}` }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...Object.fromEntries(Object.entries(filled.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const text = await answer.text();
    const type = (answer.headers.get('content-type') ?? '').split(';')[0]!.trim();
    return { status: answer.status, type, body: parsed(text) };
  }
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const encode = (path: string) => encodeURIComponent(path).replace(/%(2F|7E|25|3A|2B|40|3D|2C)/g, decodeURIComponent);

/** Puts saved values in place of their names. */
function fill(value: unknown, saved: Saved): unknown {
  if (typeof value === 'string') {
    const whole = /^\{\{(\w+)\}\}$/.exec(value)?.[1];
    if (whole !== undefined) return saved.get(whole);
    return value.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(saved.get(name)));
  }
  if (Array.isArray(value)) return value.map((each) => fill(each, saved));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, saved)]));
}

/** The value at a place such as `dag_runs[0].state` or `assets[name=orders].id`; undefined where there is none. */
export function valueAt(body: unknown, place: string): unknown {
  let value = body;
  for (const [, key, index, by, wanted] of place.matchAll(/([\w-]+)(?=$|[.[])|\[(?:(\d+)|(\w+)=([^\]]*))\]/g)) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (key !== undefined) value = (value as Record<string, unknown>)[key];
    else if (!Array.isArray(value)) return undefined;
    else if (index !== undefined) value = value[Number(index)];
    else value = value.find((each: Record<string, unknown>) => String(each[by!]) === wanted);
  }
  return value;
}
