import { program } from '../src/cli/program.ts';

/** What is wrong with a command that an answer proposes, as the command line would see it; null: nothing. */
export async function commandFault(text: string): Promise<string | null> {
  const [npx, millrace, ...words] = text.split(' ');
  if (npx !== 'npx' || millrace !== 'millrace') return `${text} does not begin with npx millrace`;
  let command = await program(words[0]);
  while (words.length > 0) {
    const verb = command.commands.find((each) => each.name() === words[0]);
    if (!verb) break;
    command = verb;
    words.shift();
  }
  const { operands, unknown } = command.parseOptions(words);
  if (unknown.length > 0) return `${text}: unknown ${unknown.join(' ')}`;
  const { registeredArguments: known } = command;
  const least = known.filter(({ required }) => required).length;
  const most = known.at(-1)?.variadic ? Number.POSITIVE_INFINITY : known.length;
  return operands.length >= least && operands.length <= most ? null : `${text}: ${operands.length} arguments`;
}
