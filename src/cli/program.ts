import { Command } from 'commander';

interface Entry {
  readonly name: string;
  readonly summary: string;
  /** The command with its options; its files are loaded only when it is meant. */
  load(): Promise<Command>;
}

/** Every command, in the order of the help. */
const ENTRIES: readonly Entry[] = [
  { name: 'init', summary: 'make a new project', load: async () => (await import('./commands/init.ts')).init() },
  {
    name: 'dev',
    summary: 'run the server for development',
    load: async () => (await import('./commands/dev.ts')).dev(),
  },
  { name: 'start', summary: 'run the server', load: async () => (await import('./commands/start.ts')).start() },
  {
    name: 'run',
    summary: 'run a flow or a DAG once, and tell what happens',
    load: async () => (await import('./commands/run.ts')).run(),
  },
  {
    name: 'serve',
    summary: 'serve the flows and DAGs of some files',
    load: async () => (await import('./commands/serve.ts')).serve(),
  },
  {
    name: 'check',
    summary: 'read pipeline files and say what is wrong with them',
    load: async () => (await import('./commands/check.ts')).check(),
  },
  {
    name: 'dags',
    summary: 'what there is, when it runs next, starting runs',
    load: async () => (await import('./commands/dags/group.ts')).dags(),
  },
  {
    name: 'runs',
    summary: 'what happened, why, and what was logged',
    load: async () => (await import('./commands/runs/group.ts')).runs(),
  },
  {
    name: 'tasks',
    summary: 'the tasks of a DAG, and running one alone',
    load: async () => (await import('./commands/tasks/group.ts')).tasks(),
  },
  {
    name: 'backfill',
    summary: 'runs for dates that have passed',
    load: async () => (await import('./commands/backfill/group.ts')).backfill(),
  },
  {
    name: 'connections',
    summary: 'how to reach other systems',
    load: async () => (await import('./commands/registers/connections.ts')).connections(),
  },
  {
    name: 'variables',
    summary: 'texts that pipelines read',
    load: async () => (await import('./commands/registers/variables.ts')).variables(),
  },
  {
    name: 'secrets',
    summary: 'texts that pipelines read and nobody is shown',
    load: async () => (await import('./commands/registers/secrets.ts')).secrets(),
  },
  {
    name: 'keys',
    summary: 'the keys that encrypt them',
    load: async () => (await import('./commands/registers/keys.ts')).keys(),
  },
  {
    name: 'pools',
    summary: 'how many tasks may use a resource at once',
    load: async () => (await import('./commands/registers/pools.ts')).pools(),
  },
  {
    name: 'tokens',
    summary: 'who may use the page and the API',
    load: async () => (await import('./commands/registers/tokens.ts')).tokens(),
  },
  { name: 'db', summary: 'the database', load: async () => (await import('./commands/db.ts')).db() },
  {
    name: 'doctor',
    summary: 'look for what is wrong with an installation',
    load: async () => (await import('./commands/doctor.ts')).doctor(),
  },
  {
    name: 'version',
    summary: 'print the version',
    load: async () => (await import('./commands/version.ts')).version(),
  },
];

/** The program with the named command loaded, or all of them; the others are there for the help alone. */
export async function program(wanted: string | 'all' | undefined): Promise<Command> {
  const millrace = new Command('millrace')
    .description('Data pipelines in TypeScript')
    .helpCommand(false)
    .addHelpText('after', '\nExit codes: 0 it went well, 1 it did not, 2 it was not understood.');
  for (const { name, summary, load } of ENTRIES) {
    if (wanted === 'all' || wanted === name) millrace.addCommand((await load()).summary(summary));
    else millrace.command(name).summary(summary);
  }
  return millrace;
}
