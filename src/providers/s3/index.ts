import { resolveConnection } from '../connections.ts';
import { Bucket } from './bucket.ts';
import { s3Client } from './client.ts';

export type { ColumnType, ColumnTypes, Rows } from '../rows.ts';
export type { Bucket, ObjectBody, ObjectHead, ObjectInfo, PutOptions } from './bucket.ts';
export type { ParquetReadOptions } from './parquet-read.ts';
export type { ParquetOptions, ParquetRows } from './parquet-write.ts';

export interface S3 {
  bucket(name: string): Bucket;
}

/**
 * S3 and stores that speak its protocol, by the name of a connection of type `aws` or by a URI:
 * `aws://ACCESS_KEY:SECRET@/?region_name=eu-central-1&endpoint_url=…`. Without login and password the SDK finds
 * credentials by its own chain. Needs @aws-sdk/client-s3 (and @aws-sdk/lib-storage for streams; hyparquet,
 * hyparquet-writer and hyparquet-compressors for Parquet). Nothing is opened before the first call.
 */
export function s3(target: string): S3 {
  return {
    bucket: (name) =>
      new Bucket(name, async (scope) =>
        s3Client(await resolveConnection(target, { provider: 's3', types: ['aws', 's3'] }, scope)),
      ),
  };
}
