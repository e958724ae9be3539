import { access, constants, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { many } from '../insight/many.ts';
import { MillraceError } from '../model/errors.ts';
import { registerOf } from '../vault/entry.ts';
import { KEY_VARIABLE, keyFileMode } from '../vault/key-file.ts';
import { SEALED_KINDS } from '../vault/vault.ts';
import { makeHome } from './home.ts';
import { otherServers } from './other-server.ts';
import { errorData } from './report-error.ts';
import type { ServerFile } from './server/server.ts';
import type { Session } from './session.ts';
import { describeStore, openStore } from './store-location.ts';
import { instant } from './times.ts';

export interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly detail: string;
  readonly fix?: string;
}

type Look = (session: Session) => Promise<Omit<Finding, 'what'>>;

/** Looks at everything, one after the other; a look that throws is a finding, too. */
export async function examine(session: Session): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [what, look] of LOOKS) {
    try {
      findings.push({ what, ...(await look(session)) });
    } catch (error) {
      const { message, fix } = errorData(error) as { readonly message: string; readonly fix?: string };
      findings.push({ verdict: 'fail', what, detail: message, ...(fix === undefined ? {} : { fix }) });
    }
  }
  return findings;
}

const OLDEST_NODE = [22, 14] as const;
const FEW_BYTES = 200 * 2 ** 20;
const LITTLE_MEMORY = 512 * 2 ** 20;
const CLOCK_DRIFT_MS = 5000;

const LOOKS: readonly (readonly [what: string, look: Look])[] = [
  ['node', lookAtNode],
  ['memory', lookAtMemory],
  ['home', lookAtHome],
  ['disk', lookAtDisk],
  ['store', lookAtStore],
  ['server', lookAtServer],
  ['keys', lookAtKeys],
  ['secrets', lookAtSecrets],
  ['clock', lookAtClock],
  ['pipelines', lookAtPipelines],
];

async function lookAtNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (enough) return { verdict: 'ok' as const, detail: process.versions.node };
  return {
    verdict: 'fail' as const,
    detail: `${process.versions.node} is too old`,
    fix: `Install Node ${OLDEST_NODE.join('.')} or newer.`,
  };
}

async function lookAtMemory() {
  const megabytes = `${Math.round(totalmem() / 2 ** 20)} MiB`;
  if (totalmem() >= LITTLE_MEMORY) return { verdict: 'ok' as const, detail: megabytes };
  return {
    verdict: 'warn' as const,
    detail: `${megabytes} is little`,
    fix: 'Start fewer workers: millrace start --workers 1',
  };
}

async function lookAtHome({ home }: Session) {
  await makeHome(home);
  const probe = join(home.folder, `.probe-${process.pid}`);
  try {
    await writeFile(probe, '');
    await rm(probe);
    return { verdict: 'ok' as const, detail: home.folder };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { verdict: 'fail' as const, detail: why, fix: 'Let this user write there, or set MILLRACE_HOME.' };
  }
}

async function lookAtDisk({ home }: Session) {
  const { bavail, bsize } = await statfs(home.folder);
  const free = `${Math.round((bavail * bsize) / 2 ** 20)} MiB free`;
  if (bavail * bsize >= FEW_BYTES) return { verdict: 'ok' as const, detail: free };
  return { verdict: 'warn' as const, detail: free, fix: 'Make room: without it the database pauses all work.' };
}

async function lookAtStore({ location }: Session) {
  const store = await openStore(location);
  try {
    const { current, wanted } = await store.version();
    const detail = `${describeStore(location)}, schema version ${current} of ${wanted}`;
    if (current === wanted || current === 0) return { verdict: 'ok' as const, detail };
    if (current > wanted)
      return { verdict: 'fail' as const, detail: `${detail}: newer`, fix: 'Run the newer Millrace that made it.' };
    return { verdict: 'fail' as const, detail: `${detail}: older`, fix: 'millrace db migrate' };
  } finally {
    await store.close();
  }
}

async function lookAtServer(session: Session) {
  const servers = await otherServers(session);
  const file = await readFile(join(session.home.folder, 'server.json'), 'utf8').catch(() => undefined);
  const known = file === undefined ? undefined : (JSON.parse(file) as ServerFile);
  if (servers.length === 0) {
    const detail = known ? `none; the last one (pid ${known.pid}) ended without saying so` : 'none runs';
    return { verdict: 'warn' as const, detail, fix: 'millrace dev, or millrace start' };
  }
  const since = known ? `, since ${instant(known.startedAt)}` : '';
  const names = servers.map(({ name, pid }) => (pid === null ? name : `${name} (pid ${pid})`)).join(', ');
  return { verdict: 'ok' as const, detail: `${names}${since}` };
}

async function lookAtKeys({ vault, home, env }: Session) {
  const ids = await vault.keyIds();
  const detail = `${ids.length} (${ids.join(', ')})`;
  if (env[KEY_VARIABLE]) return { verdict: 'ok' as const, detail: `${detail}, from ${KEY_VARIABLE}` };
  const path = join(home.folder, 'keys');
  const mode = await keyFileMode(path);
  if (process.platform === 'win32' || mode === undefined || (mode & 0o077) === 0)
    return { verdict: 'ok' as const, detail };
  return {
    verdict: 'fail' as const,
    detail: `${path} can be read by others (mode ${mode.toString(8)})`,
    fix: `chmod 600 ${path}`,
  };
}

/** Opens everything that is sealed: what no key opens is found before a task needs it. */
async function lookAtSecrets(session: Session) {
  let count = 0;
  const broken: string[] = [];
  for (const kind of SEALED_KINDS) {
    for (const { name, sealed } of await session.operate(({ tx }) => registerOf(tx, kind).list())) {
      count += 1;
      await session.vault.open({ kind, name }, sealed).catch((error) => {
        if (!MillraceError.is(error)) throw error;
        broken.push(`${kind} ${name}`);
      });
    }
  }
  if (broken.length === 0) return { verdict: 'ok' as const, detail: `${count} can be decrypted` };
  const fix = `Restore the old key (file keys, or ${KEY_VARIABLE}), or enter them again.`;
  return {
    verdict: 'fail' as const,
    detail: `${broken.length} of ${count} cannot be decrypted: ${broken.join(', ')}`,
    fix,
  };
}

/** Files get their times from the file system, which may have a clock of its own. */
async function lookAtClock({ home, clock }: Session) {
  const now = clock.now();
  const detail = `${instant(now)}, zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  if (now < Date.UTC(2026, 0, 1))
    return { verdict: 'fail' as const, detail: `${detail} lies in the past`, fix: 'Set the clock.' };
  const probe = join(home.folder, `.probe-${process.pid}`);
  await writeFile(probe, '');
  const { mtimeMs } = await import('node:fs/promises').then(({ stat }) => stat(probe));
  await rm(probe);
  const drift = Math.abs(mtimeMs - now);
  if (drift < CLOCK_DRIFT_MS) return { verdict: 'ok' as const, detail };
  return {
    verdict: 'warn' as const,
    detail: `the file system’s clock is ${Math.round(drift / 1000)} s off`,
    fix: 'Synchronise both clocks.',
  };
}

async function lookAtPipelines({ home, clock }: Session) {
  const { loadPipelines } = await import('./server/pipeline-loading.ts');
  const loaded = await loadPipelines({ home: home.folder, project: home.project, paths: [], clock });
  const errors = loaded.reduce((sum, file) => sum + file.errors.length, 0);
  const dags = loaded.reduce((sum, file) => sum + file.workflows.length, 0);
  const detail = `${many(loaded.length, 'file')}, ${many(dags, 'DAG')}, ${many(errors, 'error')}`;
  if (errors > 0) return { verdict: 'fail' as const, detail, fix: 'millrace check' };
  if (loaded.length === 0)
    return { verdict: 'warn' as const, detail: 'no files in pipelines/ or dags/', fix: 'millrace init' };
  await access(home.project, constants.R_OK);
  return { verdict: 'ok' as const, detail };
}
