import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConnection } from '../model/connection.ts';
import { s3 } from '../providers/s3/index.ts';
import { objectStoreConformance } from './conformance/suite.ts';
import { folderObjects } from './folder.ts';
import { memoryObjects } from './memory.ts';
import { s3Objects } from './s3.ts';

let server: FauxqsServer;
let uri: string;
let folder: string;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  uri = `aws://key:secret@/?endpoint_url=${encodeURIComponent(`http://127.0.0.1:${server.port}`)}`;
  folder = await mkdtemp(join(tmpdir(), 'millrace-objects-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

let created = 0;

const pathOf = (root: string, hash: string) => join(root, hash.slice(0, 2), hash.slice(2, 4), hash);

objectStoreConformance('memory', async () => ({ store: memoryObjects({ now: () => 0 }) }));

objectStoreConformance('a folder', async () => {
  const root = join(folder, String(++created), 'deep');
  return { store: folderObjects(root), corrupt: (hash, bytes) => writeFile(pathOf(root, hash), bytes) };
});

objectStoreConformance('S3', async () => {
  const name = `objects-${++created}`;
  server.createBucket(name);
  return {
    store: s3Objects(`s3://${name}/some/prefix`, parseConnection('aws_default', uri)),
    corrupt: (hash, bytes) =>
      s3(uri)
        .bucket(name)
        .put(`some/prefix/${hash.slice(0, 2)}/${hash}`, bytes),
  };
});

test('folder: what a crash left unfinished is no object, and nothing unfinished stays', async () => {
  const root = join(folder, 'crash');
  const store = folderObjects(root);
  await mkdir(join(root, 'unfinished'), { recursive: true });
  await writeFile(join(root, 'unfinished', 'x'), 'half');
  await writeFile(join(root, 'README'), 'mine');
  const hash = await store.put(new Uint8Array([1]));
  expect(await Array.fromAsync(store.list())).toMatchObject([{ hash, size: 1 }]);
  expect(await readdir(join(root, 'unfinished'))).toEqual(['x']);
  expect((await stat(pathOf(root, hash))).mode & 0o077).toBe(0);
});

test('folder: putting again renews the time, so that what is old can be removed safely', async () => {
  const root = join(folder, 'renew');
  const store = folderObjects(root);
  const hash = await store.put(new Uint8Array([1]));
  await utimes(pathOf(root, hash), 1, 1);
  expect(await Array.fromAsync(store.list())).toMatchObject([{ modifiedAt: new Date(1000) }]);
  await store.put(new Uint8Array([1]));
  const [renewed] = await Array.fromAsync(store.list());
  expect(renewed!.modifiedAt.getTime()).toBeGreaterThan(1000);
});

test('folder: a place that cannot be written is an error', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(folderObjects(join(folder, 'file')).put(new Uint8Array([1]))).rejects.toThrow(/ENOTDIR|EEXIST/);
});

test('S3: other objects of the bucket are left alone, and a wrong URL is refused', async () => {
  server.createBucket('shared');
  const bucket = s3(uri).bucket('shared');
  const store = s3Objects('s3://shared', parseConnection('c', uri));
  await bucket.put('aa/other', 'x');
  await bucket.put(`zz/${'a'.repeat(64)}`, 'x');
  const hash = await store.put(new Uint8Array([1]));
  expect((await Array.fromAsync(store.list())).map((object) => object.hash)).toEqual([hash]);
  for (const wrong of ['', 'file:///x', 's3:///x', 's3://key:secret@bucket/x']) {
    expect(() => s3Objects(wrong), wrong).toThrow(/s3:\/\/bucket\/prefix/);
  }
});
