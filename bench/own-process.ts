import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fromSource, sourceFlags } from './build.ts';
import { scratchFolder } from './scratch.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** A server in a process of its own, as a user has it. */
export interface OwnProcess {
  readonly pid: number;
  readonly url: string | null;
  /** Milliseconds from the start of the process until it answered. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** `millrace start` on a home with a pipeline file; each start is one on what the last left behind. */
export async function productHome(): Promise<{ start(): Promise<OwnProcess>; remove(): Promise<void> }> {
  const folder = await scratchFolder();
  const program = fromSource ? [...sourceFlags, path('../src/cli/main.ts')] : [path('../bin/millrace.js')];
  const args = ['start', path('./pipelines/chain.ts'), '--home', join(folder.path, '.millrace')];
  const port = await hasPort(program);
  return {
    start: () => started([...program, ...args, ...(port ? ['--port', '0'] : [])], readyLine),
    remove: folder.remove,
  };
}

/** The thin engine as a server, on a file. */
export async function thinHome(): Promise<{ start(): Promise<OwnProcess>; remove(): Promise<void> }> {
  const folder = await scratchFolder();
  const program = [path('./floor/thin-server-main.ts'), join(folder.path, 'thin.db')];
  return {
    start: () => started(['--disable-warning=ExperimentalWarning', ...program], addressLine),
    remove: folder.remove,
  };
}

/** The server with its page on a home that has a history (history/), of which no schedule makes more. */
export function historyServer(home: string): Promise<OwnProcess> {
  return started(
    [...sourceFlags, '--disable-warning=ExperimentalWarning', path('./page/page-server-main.ts'), home],
    addressLine,
  );
}

/** What a line of the server says about where it answers: null while it is not ready. */
type Reading = (line: string) => { readonly url: string | null } | null;

/** The server's log: one JSON object a line. */
const readyLine: Reading = (line) => {
  const { message, url } = JSON.parse(line) as { readonly message: string; readonly url?: string };
  return message === 'ready' ? { url: url ?? null } : null;
};

const addressLine: Reading = (line) => (line.startsWith('http://') ? { url: line } : null);

async function hasPort(program: readonly string[]): Promise<boolean> {
  const help = spawn(process.execPath, [...program, 'start', '--help'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  help.stdout.on('data', (piece) => (text += String(piece)));
  await once(help, 'close');
  return text.includes('--port');
}

async function started(args: readonly string[], read: Reading): Promise<OwnProcess> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const { url } = await ready(child, read);
  if (url !== null) await answered(url);
  return {
    pid: child.pid!,
    url,
    readyMs: performance.now() - begun,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

function ready(child: ChildProcess, read: Reading): Promise<{ readonly url: string | null }> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const where = read(line);
        if (where) resolve(where);
      });
    }
    child.on('close', (code) => reject(new Error(`the server ended with code ${code}:\n${lines.join('\n')}`)));
  });
}

/** A server that says that it is ready has its API open; the first answer is what a user waits for. */
async function answered(url: string): Promise<void> {
  for (const resource of ['/api/v2/version', '/api/v2/monitor/health']) {
    const response = await fetch(new URL(resource, url));
    await response.arrayBuffer();
    if (response.ok) return;
  }
  throw new Error(`${url} does not answer`);
}
