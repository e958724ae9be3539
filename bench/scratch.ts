import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder; MILLRACE_BENCH_FOLDER says on which disk, by default the system's temporary folder. */
export async function scratchFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(process.env.MILLRACE_BENCH_FOLDER ?? tmpdir(), 'millrace-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
