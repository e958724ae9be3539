/**
 * Writes docs/CLI.md from the commands themselves. With --check it writes nothing and fails when the page is not what
 * the commands say.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { program } from '../src/cli/program.ts';

const page = new URL('../docs/CLI.md', import.meta.url);

/** What every command has is said once. */
const COMMON = ['--json', '--home', '--store'];

function* leaves(command: Command, path: readonly string[] = []): Generator<readonly [path: string, command: Command]> {
  if (command.commands.length === 0) yield [path.join(' '), command];
  for (const verb of command.commands) yield* leaves(verb, [...path, verb.name()]);
}

/** The bar would end the cell of a table. */
const cell = (text: string) => text.replaceAll('|', '\\|');

function optionRow({ flags, description, defaultValue }: Option): string {
  const standard = defaultValue === undefined || defaultValue === true ? '' : ` (default: ${String(defaultValue)})`;
  return `| \`${cell(flags)}\` | ${cell(`${description}${standard}`)} |`;
}

function section([path, command]: readonly [path: string, command: Command]): string {
  const positional = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return { shown: argument.required ? `<${name}>` : `[${name}]`, description: argument.description };
  });
  const options = command.options.filter(({ long }) => !COMMON.includes(long ?? ''));
  const usage = ['millrace', path, ...positional.map(({ shown }) => shown), options.length > 0 ? '[options]' : ''];
  const rows = [
    ...positional
      .filter(({ description }) => description !== '')
      .map(({ shown, description }) => `| \`${shown}\` | ${cell(description)} |`),
    ...options.map(optionRow),
  ];
  const table = rows.length === 0 ? [] : ['', '| | |', '| --- | --- |', ...rows];
  const text = command.description();
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return [`### millrace ${path}`, '', sentence, '', '```sh', usage.filter(Boolean).join(' '), '```', ...table].join(
    '\n',
  );
}

const millrace = await program('all');
const common = [...leaves(millrace)][0]![1].options.filter(({ long }) => COMMON.includes(long ?? ''));

const text = `# The command line

Generated from src/cli/commands by \`npm run docs:generate\`; do not edit.

Data goes to stdout, talk to stderr, so that \`millrace runs list --json | jq\` works. A command ends with 0 when it went well, with 1 when it did not, and with 2 when it was not understood. An error says its code (docs/ERRORS.md), what happened, where, and what to do; with \`--json\` it is one JSON object on stderr.

\`dev\` and \`start\` are servers. Every other command works on the store itself, whether a server runs on it or not; a running server notices.

Every command takes:

| | |
| --- | --- |
${common.map(optionRow).join('\n')}

## Environment

| variable | meaning |
| --- | --- |
| \`MILLRACE_HOME\` | folder with the state: database, keys, objects, bundles |
| \`MILLRACE_STORE\` | \`postgres://login:password@host:port/database\`, or a SQLite file |
| \`MILLRACE_OBJECTS\` | a folder or \`s3://bucket/prefix\` for large values |
| \`MILLRACE_ENCRYPTION_KEY\` | keys instead of the file \`keys\` in the home: 32 bytes in Base64 each, separated by commas; the first one encrypts, all decrypt |
| \`MILLRACE_CONN_NAME\`, \`MILLRACE_VAR_NAME\`, \`MILLRACE_SECRET_NAME\` | connection (URI or JSON), variable and secret of this name, before those in the store; the name in upper case, other characters than letters and digits as \`_\` |
| \`MILLRACE_SECRETS_DIR\` | folder with such values as files: \`connections/NAME\`, \`variables/NAME\`, \`secrets/NAME\`, or named like the variables above |
| \`MILLRACE_HOST\`, \`MILLRACE_PORT\` | where page and API listen |
| \`MILLRACE_AUTH\` | \`token\`: everybody shows one, also while there is none |
| \`MILLRACE_MAIL_FROM\` | sender of mails about failures |
| \`MILLRACE_IMPORT_TIMEOUT\` | longest import of one pipeline file, such as \`30s\` (the default) |
| \`NO_COLOR\`, \`FORCE_COLOR\` | colours off, or on |

Workers get none of the variables that begin with \`MILLRACE_\`: what a task may read it asks the server for.

${millrace.commands
  .map((command) => {
    const sections = [...leaves(command, [command.name()])].map(section).join('\n\n');
    return `## ${command.name()}\n\n${sections}`;
  })
  .join('\n\n')}
`;

if (process.argv.includes('--check')) {
  let current = '';
  try {
    current = readFileSync(page, 'utf8');
  } catch {
    // A missing page is a page that differs.
  }
  if (current !== text) {
    console.error('docs/CLI.md differs from src/cli/commands.\nFix: npm run docs:generate');
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, text);
}
