import type { FastifyRequest } from 'fastify';

/** Nothing of what the caller would take can be given: 406. */
export class NotAcceptable extends Error {}

/** The first of these types that the caller takes. Throws NotAcceptable. */
export function accepts<T extends string>({ headers }: Pick<FastifyRequest, 'headers'>, types: readonly T[]): T {
  const asked = (headers.accept ?? '*/*').split(',').map((each) => each.split(';')[0]!.trim());
  for (const each of asked) {
    const found = types.find((type) => each === '*/*' || each === type || each === `${type.split('/')[0]}/*`);
    if (found) return found;
  }
  throw new NotAcceptable(`Only ${types.join(' or ')} can be given`);
}
