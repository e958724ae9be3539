/** The files of a new project, by their path in it. */
export function projectFiles({
  name,
  dependency,
}: {
  readonly name: string;
  readonly dependency: string;
}): ReadonlyMap<string, string> {
  return new Map([
    ['package.json', packageJson(name, dependency)],
    ['tsconfig.json', TSCONFIG],
    ['.gitignore', 'node_modules/\n.millrace/\n'],
    ['pipelines/hello.ts', HELLO],
    ['README.md', readme(name)],
  ]);
}

function packageJson(name: string, dependency: string): string {
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: { dev: 'millrace dev', start: 'millrace start', check: 'tsc && millrace check' },
    dependencies: { millrace: dependency },
    // millrace runs on Node 22.14 or newer; this brings one, whatever the machine has.
    devDependencies: { '@types/node': '^24.0.0', node: '^24.0.0', typescript: '^6.0.0' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["pipelines"]
}
`;

const HELLO = `import { dag, task } from 'millrace';

const names = task('names', () => ['Ada', 'Grace', 'Barbara']);

const greet = task('greet', ({ name }: { name: string }, { log, ds }) => {
  log.info(\`greeting \${name} on \${ds}\`);
  return \`Hello, \${name}!\`;
});

const publish = task('publish', (greetings: Iterable<string>, { log }) => {
  const all = [...greetings];
  for (const greeting of all) log.info(greeting);
  return all.length;
});

/** Runs every day at six; "greet" runs once for each name, all of them at once. */
export const hello = dag('hello', { schedule: '0 6 * * *', startDate: '2026-01-01' }, () => {
  publish(greet.expand({ name: names() }));
});
`;

function readme(name: string): string {
  return `# ${name}

Data pipelines on Millrace.

\`\`\`sh
npm install
npx millrace check                         # what is wrong with the pipeline files, if anything
npx millrace dev                           # server, schedules and workers; reads changed files again
npx millrace dags trigger hello --wait     # in another terminal: one run, now
npx millrace runs logs hello               # what its tasks logged
npx millrace dags test hello               # a run in one process, without a server
\`\`\`

Pipelines are the files in \`pipelines/\`. State (database, keys, large values) is in \`.millrace/\`; without its \`keys\`
stored connections cannot be read, so keep a copy of it. \`npx millrace doctor\` looks for what is wrong.
`;
}
