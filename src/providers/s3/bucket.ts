import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { S3Client } from '@aws-sdk/client-s3';
import type { AsyncBuffer } from 'hyparquet';
import { type AttemptScope, currentScope } from '../../sdk/scope.ts';
import { loadPeer } from '../peer.ts';
import type { Rows } from '../rows.ts';
import { loadSdk } from './client.ts';
import { isMissing, s3Error } from './error.ts';
import { type ParquetReadOptions, parquetRows } from './parquet-read.ts';
import { encodeParquet, type ParquetOptions, type ParquetRows } from './parquet-write.ts';

export type ObjectBody = string | Uint8Array | Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

export interface PutOptions {
  readonly contentType?: string;
  /** Kept with the object; names are lower-cased by S3. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: Date;
}

export interface ObjectHead extends ObjectInfo {
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Parts of an upload that is streamed: at most two are in memory. 10,000 parts are the most, so 80 GB an object. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
/** A file up to this size is read in one request. */
const WHOLE_FILE_BYTES = 4 * 1024 * 1024;

type Request<T> = (client: S3Client, sdk: typeof import('@aws-sdk/client-s3'), signal: AbortSignal) => Promise<T>;
type Connect = (scope: AttemptScope | undefined) => Promise<S3Client>;

/** One bucket. An object appears whole or not at all; a put that fails leaves what was there before. */
export class Bucket {
  readonly name: string;
  readonly #connect: Connect;

  constructor(name: string, connect: Connect) {
    this.name = name;
    this.#connect = connect;
  }

  /** Writes an object. Streams, and what has more than 8 MB, go up in parts; streams in bounded memory. */
  async put(key: string, body: ObjectBody, options: PutOptions = {}): Promise<void> {
    const params = {
      Bucket: this.name,
      Key: key,
      ...(options.contentType === undefined ? {} : { ContentType: options.contentType }),
      ...(options.metadata === undefined ? {} : { Metadata: { ...options.metadata } }),
    };
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (bytes instanceof Uint8Array && bytes.byteLength <= PART_BYTES) {
      await this.#call(key, async (client, sdk, abortSignal) =>
        client.send(new sdk.PutObjectCommand({ ...params, Body: bytes }), { abortSignal }),
      );
      return;
    }
    const source =
      bytes instanceof Uint8Array || bytes instanceof Readable
        ? bytes
        : Readable.from(bytes as AsyncIterable<Uint8Array>);
    await this.#call(key, async (client, _sdk, signal) => {
      const { Upload } = await loadPeer('@aws-sdk/lib-storage', () => import('@aws-sdk/lib-storage'));
      const upload = new Upload({
        client,
        params: { ...params, Body: source },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      });
      const abort = () => void upload.abort().catch(() => {});
      signal.addEventListener('abort', abort, { once: true });
      try {
        await upload.done();
      } finally {
        signal.removeEventListener('abort', abort);
        if (source instanceof Readable) source.destroy();
      }
    });
  }

  /** Writes a value as JSON. */
  async putJson(key: string, value: unknown): Promise<void> {
    await this.put(key, JSON.stringify(value), { contentType: 'application/json' });
  }

  /** The whole object. Throws `not_found`. */
  async get(key: string): Promise<Uint8Array> {
    return this.#getBytes(key, {}, currentScope());
  }

  async getText(key: string): Promise<string> {
    return new TextDecoder().decode(await this.get(key));
  }

  async getJson<T = unknown>(key: string): Promise<T> {
    return JSON.parse(await this.getText(key)) as T;
  }

  /** The object's bytes, read while they are consumed. */
  async *read(key: string): AsyncGenerator<Uint8Array, void, undefined> {
    const body = await this.#call(key, async (client, sdk, abortSignal) => {
      const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: this.name, Key: key }), { abortSignal });
      return Body as Readable;
    });
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
    } finally {
      body.destroy();
    }
  }

  /** What S3 knows about the object. Throws `not_found`. */
  async head(key: string): Promise<ObjectHead> {
    return this.#head(key, currentScope());
  }

  async exists(key: string): Promise<boolean> {
    const request: Request<boolean> = async (client, sdk, abortSignal) => {
      try {
        await client.send(new sdk.HeadObjectCommand({ Bucket: this.name, Key: key }), { abortSignal });
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    };
    return this.#call(key, request);
  }

  /** Removes the object; one that is not there is no error. */
  async delete(key: string): Promise<void> {
    await this.#call(key, (client, sdk, abortSignal) =>
      client.send(new sdk.DeleteObjectCommand({ Bucket: this.name, Key: key }), { abortSignal }),
    );
  }

  /** The objects whose keys start with `prefix`, in the order of their keys. */
  async *list(prefix = ''): AsyncGenerator<ObjectInfo, void, undefined> {
    let token: string | undefined;
    do {
      const page = await this.#call(prefix, (client, sdk, abortSignal) =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: this.name,
            Prefix: prefix,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
          { abortSignal },
        ),
      );
      for (const { Key = '', Size = 0, ETag = '', LastModified } of page.Contents ?? []) {
        yield { key: Key, size: Size, etag: ETag, modifiedAt: LastModified ?? new Date(0) };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  /** Copies an object inside the bucket, without its bytes passing here. S3 copies up to 5 GB at once. */
  async copy(from: string, to: string): Promise<void> {
    const CopySource = `${this.name}/${from.split('/').map(encodeURIComponent).join('/')}`;
    await this.#call(from, (client, sdk, abortSignal) =>
      client.send(new sdk.CopyObjectCommand({ Bucket: this.name, Key: to, CopySource }), { abortSignal }),
    );
  }

  /**
   * Writes rows as a Parquet file and gives their number. Rows are taken as they come, one row group in memory. Types:
   * number DOUBLE, bigint INT64, string, boolean, Date TIMESTAMP (milliseconds, UTC), Uint8Array BYTE_ARRAY, arrays and
   * objects JSON; rows from `postgres().stream` and `readParquet` bring their columns' types along; `schema` overrules.
   * A value that does not fit its column is an error: nothing is rounded or cut.
   */
  async putParquet(key: string, rows: ParquetRows, options: ParquetOptions = {}): Promise<number> {
    let count = 0;
    const file = encodeParquet(rows, options, (written) => {
      count = written;
    });
    await this.put(key, file, { contentType: 'application/vnd.apache.parquet' });
    return count;
  }

  /**
   * The rows of a Parquet file, read by ranged requests while they are consumed, one row group in memory. Timestamps and
   * dates are Dates; 64-bit integers are numbers where exact, else bigints; decimals are numbers. If the object is
   * replaced meanwhile, the reading fails instead of mixing both.
   */
  readParquet<T = Record<string, unknown>>(key: string, options: ParquetReadOptions = {}): Rows<T> {
    const scope = currentScope();
    return parquetRows<T>(() => this.#openFile(key, scope ?? currentScope()), options);
  }

  async #openFile(key: string, scope: AttemptScope | undefined): Promise<AsyncBuffer> {
    const { size, etag } = await this.#head(key, scope);
    if (size <= WHOLE_FILE_BYTES) {
      const whole = toArrayBuffer(await this.#getBytes(key, { IfMatch: etag }, scope));
      return { byteLength: size, slice: (start, end) => whole.slice(start, end) };
    }
    return {
      byteLength: size,
      slice: async (start, end = size) =>
        toArrayBuffer(await this.#getBytes(key, { IfMatch: etag, Range: `bytes=${start}-${end - 1}` }, scope)),
    };
  }

  async #head(key: string, scope: AttemptScope | undefined): Promise<ObjectHead> {
    const head = await this.#call(
      key,
      (client, sdk, abortSignal) =>
        client.send(new sdk.HeadObjectCommand({ Bucket: this.name, Key: key }), { abortSignal }),
      scope,
    );
    return {
      key,
      size: head.ContentLength ?? 0,
      etag: head.ETag ?? '',
      modifiedAt: head.LastModified ?? new Date(0),
      contentType: head.ContentType,
      metadata: head.Metadata ?? {},
    };
  }

  async #getBytes(
    key: string,
    request: { readonly IfMatch?: string; readonly Range?: string },
    scope: AttemptScope | undefined,
  ): Promise<Uint8Array> {
    return this.#call(
      key,
      async (client, sdk, abortSignal) => {
        const command = new sdk.GetObjectCommand({ Bucket: this.name, Key: key, ...request });
        const { Body } = await client.send(command, { abortSignal });
        return Body!.transformToByteArray();
      },
      scope,
    );
  }

  async #call<T>(key: string, request: Request<T>, scope: AttemptScope | undefined = currentScope()): Promise<T> {
    const signal = scope?.context.signal ?? NEVER;
    signal.throwIfAborted();
    const client = await this.#connect(scope);
    try {
      return await request(client, await loadSdk(), signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw s3Error(error, `s3://${this.name}/${key}`);
    }
  }
}

const NEVER = new AbortController().signal;

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
