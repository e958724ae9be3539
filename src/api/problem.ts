import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type ErrorCode, MillraceError } from '../model/errors.ts';
import { NotAcceptable } from './accepts.ts';

/** Status of what a caller can cause; everything else is the server's. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  not_found: 404,
  already_exists: 409,
  conflict: 409,
  invalid_id: 400,
  invalid_params: 400,
  invalid_argument: 400,
  invalid_connection: 400,
  invalid_date: 400,
  invalid_option: 400,
  store_unavailable: 503,
};

/** Bodies that cannot be read are answered as those that do not fit. */
const UNREADABLE: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'json_invalid',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'missing',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'model_attributes_type',
};

/** Something that does not fit for a reason that the contract's types cannot say: 422, as what does not fit them. */
export class Unfit extends Error {
  readonly place: readonly (string | number)[];

  constructor(place: readonly (string | number)[], message: string) {
    super(message);
    this.place = place;
  }
}

/** Well formed, and it cannot be done: 422 with a sentence. */
export class Unprocessable extends Error {}

/** Nobody may do this: 403. */
export class Forbidden extends Error {}

/** There is no such group of tasks: 404, in the form that Airflow has for it. */
export class NoGroup extends Error {
  constructor(id: string) {
    super(`Task group ${id} not found`);
  }
}

/** There is one already: 409, in the form that Airflow has for what its database refuses. */
export class AlreadyThere extends Error {}

/** Airflow's body of an error: `detail`; for what does not fit the contract, a list of `{ type, loc, msg }` and 422. */
export function answerError(error: FastifyError | Error, _request: FastifyRequest, reply: FastifyReply) {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const place = (error as { validationContext?: string }).validationContext ?? 'body';
    const from = place === 'querystring' ? 'query' : place === 'params' ? 'path' : place;
    const detail = error.validation.map(({ instancePath, keyword, message }) => ({
      type: keyword,
      loc: [from, ...instancePath.split('/').filter(Boolean)],
      msg: message ?? 'does not fit',
    }));
    return reply.status(422).send({ detail });
  }
  if (error instanceof Unfit) {
    return reply.status(422).send({ detail: [{ type: 'value_error', loc: error.place, msg: error.message }] });
  }
  if (error instanceof NotAcceptable) return reply.status(406).send({ detail: error.message });
  if (error instanceof Forbidden) return reply.status(403).send({ detail: error.message });
  if (error instanceof Unprocessable) return reply.status(422).send({ detail: error.message });
  if (error instanceof NoGroup) {
    return reply.status(404).send({ detail: { reason: 'not_found', message: error.message } });
  }
  if (error instanceof AlreadyThere) {
    const { message } = error;
    return reply
      .status(409)
      .send({ detail: { reason: 'Unique constraint violation', statement: '', orig_error: message, message } });
  }
  if (MillraceError.is(error)) {
    const { code, message, fix } = error;
    return reply.status(STATUS[code] ?? 500).send({ detail: message, code, ...(fix ? { fix } : {}) });
  }
  const unreadable = 'code' in error ? UNREADABLE[error.code] : undefined;
  if (unreadable !== undefined) {
    return reply.status(422).send({ detail: [{ type: unreadable, loc: ['body'], msg: error.message }] });
  }
  const status = 'statusCode' in error && error.statusCode && error.statusCode < 500 ? error.statusCode : 500;
  return reply.status(status).send({ detail: error.message });
}

/** Methods of the routes that there are, to tell a wrong method from a wrong address. */
export class KnownRoutes {
  readonly #routes: { readonly method: string; readonly pattern: RegExp }[] = [];

  add(method: string | readonly string[], url: string): void {
    const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')));
    for (const each of [method].flat()) {
      this.#routes.push({ method: each, pattern: new RegExp(`^${parts.join('/')}$`) });
    }
  }

  methodsOf(path: string): readonly string[] {
    return this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  }
}

export function answerNotFound(routes: KnownRoutes, request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?')[0]!;
  const allowed = routes.methodsOf(path);
  if (allowed.length > 0) {
    return reply.status(405).header('allow', allowed.join(', ')).send({ detail: 'Method Not Allowed' });
  }
  const detail = `There is nothing at ${request.method} ${path}`;
  return reply.status(404).send({ detail, error: detail });
}
