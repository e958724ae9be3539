import { readFileSync } from 'node:fs';
import { command } from '../command.ts';

/** The version of this package. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export const version = () =>
  command(
    'version',
    'print the version',
    (it) => it,
    async ({ terminal }) => {
      const millrace = ownVersion();
      terminal.data(
        { millrace, node: process.versions.node, platform: `${process.platform} ${process.arch}` },
        () => millrace,
      );
    },
  );
