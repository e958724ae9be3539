import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type ErrorCode, MillraceError } from '../model/errors.ts';

/** Status of what a caller can cause; everything else is the server's. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  not_found: 404,
  already_exists: 409,
  conflict: 409,
  invalid_id: 400,
  invalid_params: 400,
  invalid_argument: 400,
  invalid_date: 400,
  invalid_option: 400,
  store_unavailable: 503,
};

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
  if (MillraceError.is(error)) {
    const { code, message, fix } = error;
    return reply.status(STATUS[code] ?? 500).send({ detail: message, code, ...(fix ? { fix } : {}) });
  }
  const status = 'statusCode' in error && error.statusCode && error.statusCode < 500 ? error.statusCode : 500;
  return reply.status(status).send({ detail: error.message });
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply) {
  return reply.status(404).send({ detail: `There is nothing at ${request.method} ${request.url.split('?')[0]}` });
}
