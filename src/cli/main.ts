import type { Command } from 'commander';
import { program } from './program.ts';
import { EXIT, errorData, errorText, exitCodeOf } from './report-error.ts';

const args = process.argv.slice(2);

/** Settings of commander hold for one command each: every one ends here instead of ending the process. */
function prepare(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help shows what there is)');
  for (const verb of command.commands) prepare(verb);
}

function report(error: unknown): void {
  const { code, exitCode } = error as { readonly code?: unknown; readonly exitCode?: unknown };
  if (typeof code === 'string' && code.startsWith('commander.')) {
    // commander has said it already. Help that was asked for is no failure.
    process.exitCode = exitCode === 0 ? EXIT.ok : EXIT.usage;
    return;
  }
  const text = args.includes('--json') ? JSON.stringify({ error: errorData(error) }) : errorText(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCodeOf(error);
}

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
);

try {
  if (args[0] === '--version' || args[0] === '-V') args[0] = 'version';
  const millrace = await program(args.find((arg) => !arg.startsWith('-')));
  prepare(millrace);
  if (args.length === 0) millrace.outputHelp();
  else await millrace.parseAsync(args, { from: 'user' });
} catch (error) {
  report(error);
}
