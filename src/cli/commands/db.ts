import { command, group } from '../command.ts';
import { makeHome } from '../home.ts';
import { EXIT } from '../report-error.ts';
import { describeStore, openStore } from '../store-location.ts';

export const db = () => group('db', 'the database', [migrate(), check()]);

const migrate = () =>
  command(
    'migrate',
    'bring the database up to the schema of this Millrace',
    (it) => it,
    async ({ home, location, terminal }) => {
      await makeHome(home);
      const store = await openStore(location);
      try {
        const { from, to } = await store.migrate();
        terminal.data({ store: describeStore(location), from, to }, () =>
          from === to ? `schema version ${to}: nothing to do` : `schema version ${from} is now ${to}`,
        );
      } finally {
        await store.close();
      }
    },
  );

const check = () =>
  command(
    'check',
    'reach the database and compare its schema',
    (it) => it,
    async ({ home, location, terminal }) => {
      await makeHome(home);
      const store = await openStore(location);
      try {
        const { current, wanted } = await store.version();
        const verdict =
          current === wanted ? 'ok' : current > wanted ? 'newer than this Millrace' : 'older: run millrace db migrate';
        terminal.data(
          { store: describeStore(location), current, wanted, ok: current === wanted },
          () => `${describeStore(location)}: schema version ${current} of ${wanted}, ${verdict}`,
        );
        return current === wanted ? EXIT.ok : EXIT.failed;
      } finally {
        await store.close();
      }
    },
  );
