import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { PURCHASES_FILE } from '../parts/purchases.ts';
import { checksum, countSegments, readScores, type Score } from './warehouse.ts';

/** The scores that a run left behind, beside what they should be. */
export interface ScoresVerification {
  readonly rows: number;
  readonly expectedRows: number;
  readonly segments: Readonly<Record<string, number>>;
  readonly expectedSegments: Readonly<Record<string, number>>;
  readonly checksum: string;
  readonly expectedChecksum: string;
  /** Greatest distance of a probability from the formula; infinite when a customer is missing or one too many. */
  readonly maxDifference: number;
}

/** The same, and the lake. */
export interface Verification extends ScoresVerification {
  /** Rows and columns of the lake's Parquet files, as DuckDB reads them. */
  readonly files: Readonly<Record<string, { rows: number; columns: readonly string[] }>>;
}

export interface VerifyOptions {
  /** The environment that the world gave to Millrace. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logicalDate: Date;
}

/**
 * Compares the warehouse and the lake after a run with scores computed from the compressed CSV file by other means than
 * the scoring service's: DuckDB reads the file and evaluates the formula of the data's README as it stands there.
 */
export async function verifyRun({ env, logicalDate }: VerifyOptions): Promise<Verification> {
  const date = logicalDate.toISOString().slice(0, 10);
  const keys = ['extracted', 'scored'].map((step) => `pipeline/customers/${step}/${date}/data.parquet`);
  return {
    ...(await verifyScores({ warehouse: required(env, 'MILLRACE_CONN_WAREHOUSE_DEFAULT'), date })),
    files: await inspectParquet(required(env, 'MILLRACE_CONN_AWS_DEFAULT'), keys),
  };
}

/** Compares the warehouse (a URI) after a run for the date (an ISO date) with scores computed in the same way. */
export async function verifyScores(options: { warehouse: string; date: string }): Promise<ScoresVerification> {
  const scores = await readScores(options.warehouse);
  const expected = await expectedScores(options.date);
  return {
    rows: scores.length,
    expectedRows: expected.length,
    segments: countSegments(scores),
    expectedSegments: countSegments(expected),
    checksum: checksum(scores),
    expectedChecksum: checksum(expected),
    maxDifference: maxDifference(scores, expected),
  };
}

function required(env: VerifyOptions['env'], name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const FORMULA = `
  WITH history AS (
    SELECT customer_id,
           count(DISTINCT date) - 1 AS x,
           date_diff('day', min(date), max(date)) / 7::DOUBLE AS t_x,
           date_diff('day', min(date), $date::DATE) / 7::DOUBLE AS T
      FROM read_csv($file, header = true)
     WHERE date < $date::DATE
     GROUP BY customer_id
  ), scored AS (
    SELECT customer_id,
           CASE WHEN x = 0 THEN 0::DOUBLE
                ELSE 1 - 1 / (1 + 0.793::DOUBLE / (2.426::DOUBLE + x - 1)
                                * pow((4.414::DOUBLE + T) / (4.414::DOUBLE + t_x), 0.243::DOUBLE + x))
           END AS churn
      FROM history
  )
  SELECT customer_id::INTEGER AS "customerId",
         churn AS "churnProbability",
         CASE WHEN churn <= 0.2 THEN 'low' WHEN churn <= 0.5 THEN 'medium' WHEN churn <= 0.8 THEN 'high'
              ELSE 'critical' END AS "churnSegment"
    FROM scored ORDER BY customer_id`;

async function expectedScores(date: string): Promise<Score[]> {
  const rows = await duckdb(FORMULA, { date, file: fileURLToPath(PURCHASES_FILE) });
  return rows as unknown as Score[];
}

function maxDifference(scores: readonly Score[], expected: readonly Score[]): number {
  if (scores.length !== expected.length) return Number.POSITIVE_INFINITY;
  return scores.reduce((worst, score, i) => {
    const { customerId, churnProbability } = expected[i]!;
    if (score.customerId !== customerId) return Number.POSITIVE_INFINITY;
    return Math.max(worst, Math.abs(score.churnProbability - churnProbability));
  }, 0);
}

async function inspectParquet(connection: string, keys: readonly string[]): Promise<Verification['files']> {
  const [, accessKeyId, secretAccessKey, query] = /^aws:\/\/([^:@]*):([^@]*)@[^?]*\?(.*)$/.exec(connection) ?? [];
  if (query === undefined) throw new Error('the connection of the lake is not of the form aws://key:secret@/?…');
  const extra = new URLSearchParams(query);
  const s3 = new S3Client({
    endpoint: extra.get('endpoint_url') ?? '',
    region: extra.get('region_name') ?? 'us-east-1',
    credentials: {
      accessKeyId: decodeURIComponent(accessKeyId!),
      secretAccessKey: decodeURIComponent(secretAccessKey!),
    },
    forcePathStyle: true,
  });
  const folder = await mkdtemp(join(tmpdir(), 'millrace-verify-'));
  try {
    const files: Record<string, { rows: number; columns: string[] }> = {};
    for (const [i, key] of keys.entries()) {
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: 'data-pipeline', Key: key }));
      const file = join(folder, `${i}.parquet`);
      await writeFile(file, await body!.transformToByteArray());
      const [count] = await duckdb('SELECT count(*)::INTEGER AS rows FROM read_parquet($file)', { file });
      const columns = await duckdb('SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet($file))', { file });
      files[key] = { rows: Number(count?.rows), columns: columns.map((column) => String(column.column_name)) };
    }
    return files;
  } finally {
    s3.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

async function duckdb(sql: string, values: Record<string, string>): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return await (await connection.runAndReadAll(sql, values)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
