import { command } from '../command.ts';
import { ownVersion } from '../own-version.ts';

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
