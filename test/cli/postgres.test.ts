import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../src/testing/postgres-server.ts';
import { Project } from './project.ts';

const PIPELINE = `
  import { dag, task } from 'millrace';
  const stubborn = task('stubborn', (_: void, { signal }) => new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'));
  }));
  const numbers = task('numbers', () => [1, 2, 3]);
  const double = task('double', ({ n }: { n: number }) => n * 2);
  export const waits = dag('waits', { schedule: null }, () => { stubborn(); });
  export const doubles = dag('doubles', { schedule: null }, () => { double.expand({ n: numbers() }); });
`;

let postgres: PostgresServer;
let project: Project;
let env: { MILLRACE_STORE: string };
beforeAll(async () => {
  postgres = await startPostgres();
  env = { MILLRACE_STORE: await postgres.createDatabase('command_line') };
  project = await Project.make({ 'pipelines/some.ts': PIPELINE });
});
afterAll(async () => {
  await project.remove();
  await postgres.stop();
});

it('takes several servers, and tells neither password', async () => {
  const first = await project.serve(['dev'], { env });
  const second = await project.serve(['dev'], { env });
  const run = await project.run(['dags', 'trigger', 'doubles', '--run-id', 'both', '--wait'], { env });
  expect(run).toMatchObject({ code: 0 });
  // Each of them tells what the other one did.
  await Promise.all([first, second].map((server) => server.line(/doubles +run +both +success/)));
  const findings = await project.json<{ what: string; detail: string }[]>(['doctor'], { env });
  expect(findings.find(({ what }) => what === 'server')?.detail).toMatch(new RegExp(`-${first.pid}, .*-${second.pid}`));
  expect(findings.find(({ what }) => what === 'store')?.detail).toMatch(/:\*\*\*@/);
  expect(JSON.stringify(findings)).not.toContain('password@');

  await project.run(['dags', 'trigger', 'waits', '--run-id', 'one'], { env });
  await first.line(/waits +stubborn +running/);
  await project.run(['dags', 'pause', 'waits'], { env });
  await project.run(['dags', 'trigger', 'waits', '--run-id', 'two'], { env });
  const why = await project.run(['tasks', 'why', 'waits', 'stubborn', '--run', 'two'], { env });
  expect(why.stdout).toContain('stubborn  no state yet\n  waits is paused.');
  expect(why.stdout).toContain('In order: 2 servers run; ');
  await project.run(['runs', 'cancel', 'waits', 'one'], { env });
  await Promise.all([first, second].map((server) => server.line(/waits +run +one +cancelled/)));
  expect(await Promise.all([first.kill('SIGTERM'), second.kill('SIGTERM')])).toEqual([0, 0]);
});
