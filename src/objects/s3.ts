import type { Connection } from '../model/connection.ts';
import { MillraceError } from '../model/errors.ts';
import { Bucket } from '../providers/s3/bucket.ts';
import { s3Client } from '../providers/s3/client.ts';
import { checkHash, hashOf, isHash, notFound, type ObjectStore, verified } from './objects.ts';

/**
 * Objects in a bucket, by a URL: `s3://bucket/prefix`. Keys are `prefix/ab/abcd…`. Credentials, region and endpoint come
 * from the connection or, without one, from the URL's query (`?region_name=…&endpoint_url=…`) and the SDK's own chain.
 */
export function s3Objects(url: string, connection?: Connection): ObjectStore {
  const place = parse(url);
  const { prefix } = place;
  const bucket = new Bucket(place.bucket, () => s3Client(connection ?? place.connection));
  const where = `s3://${place.bucket}/${prefix}`;
  const keyOf = (hash: string) => `${prefix}${hash.slice(0, 2)}/${hash}`;
  return {
    async put(bytes) {
      const hash = hashOf(bytes);
      await bucket.put(keyOf(hash), bytes, { contentType: 'application/octet-stream' });
      return hash;
    },
    async get(hash) {
      checkHash(hash);
      const bytes = await bucket.get(keyOf(hash)).catch((error: unknown) => {
        throw MillraceError.is(error) && error.code === 'not_found' ? notFound(hash, where) : error;
      });
      return verified(bytes, hash, `s3://${place.bucket}/${keyOf(hash)}`);
    },
    async has(hash) {
      checkHash(hash);
      return bucket.exists(keyOf(hash));
    },
    async delete(hash) {
      checkHash(hash);
      await bucket.delete(keyOf(hash));
    },
    async *list() {
      for await (const { key, size, modifiedAt } of bucket.list(prefix)) {
        const hash = key.slice(key.lastIndexOf('/') + 1);
        if (isHash(hash) && key === keyOf(hash)) yield { hash, size, modifiedAt };
      }
    },
  };
}

function parse(text: string): { bucket: string; prefix: string; connection: Connection } {
  const url = URL.parse(text);
  if (url?.protocol !== 's3:' || url.hostname === '' || url.username !== '' || url.password !== '') {
    throw new MillraceError(
      'invalid_argument',
      'the place of the object store is not a URL of the form s3://bucket/prefix',
      {
        fix: 'Write s3://bucket/prefix?region_name=…&endpoint_url=…; keys and secrets belong to a connection or the environment.',
      },
    );
  }
  const path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    bucket: url.hostname,
    prefix: path === '' ? '' : `${path}/`,
    connection: { name: 'object store', type: 'aws', extra: Object.fromEntries(url.searchParams) },
  };
}
