import { Command } from 'commander';
import { EXIT } from './report-error.ts';
import { type CommonOptions, Session } from './session.ts';
import { Terminal } from './terminal.ts';

export { Command } from 'commander';

/** What a command does; what it returns is the exit code, 0 when it returns nothing. */
type Body<A extends readonly unknown[], O> = (
  session: Session,
  args: A,
  options: O & CommonOptions,
) => Promise<number | undefined | void>;

/** A command that does something, with the options that all of them have. `define` adds its own and its arguments. */
export function command<A extends readonly unknown[] = readonly [], O extends object = object>(
  name: string,
  summary: string,
  define: (command: Command) => Command,
  body: Body<A, O>,
): Command {
  const made = define(new Command(name).summary(summary).description(summary));
  return made
    .option('--json', 'print data as JSON')
    .option('--home <folder>', 'where the state is (default: MILLRACE_HOME, else .millrace in the project)')
    .option('--store <url>', 'postgres://… or a SQLite file (default: MILLRACE_STORE, else millrace.db in the home)')
    .action(async (...given: unknown[]) => {
      const options = made.opts<O & CommonOptions>();
      const { stdout, stderr, env } = process;
      const terminal = new Terminal({ json: options.json === true, stdout, stderr, env });
      const session = new Session(options, terminal);
      try {
        process.exitCode = (await body(session, given.slice(0, -2) as unknown as A, options)) ?? EXIT.ok;
      } finally {
        terminal.clearProgress();
        await session.close();
      }
    });
}

/** A noun with verbs. */
export function group(name: string, summary: string, commands: readonly Command[]): Command {
  const made = new Command(name).summary(summary).description(summary);
  for (const verb of commands) made.addCommand(verb);
  return made;
}
