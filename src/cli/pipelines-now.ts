import { publish } from '../engine/operations.ts';
import { otherServers } from './other-server.ts';
import { knownFiles, PipelineLoading } from './server/pipeline-loading.ts';
import type { Session } from './session.ts';

/**
 * Brings the store up to the pipeline files, as a server would do at its start. Where one runs, it has done so and goes
 * on doing it: nothing is done then.
 */
export async function publishPipelines(session: Session): Promise<void> {
  if ((await otherServers(session)).length > 0) return;
  const store = await session.store();
  const { home, clock, terminal } = session;
  const loading = new PipelineLoading({
    home: home.folder,
    project: home.project,
    paths: [],
    clock,
    log: ({ level, message }) => {
      if (level === 'error') terminal.say(message);
    },
    publish: (publication) => session.operate((e) => publish(e, publication)),
    known: () => knownFiles(store),
    others: 'kept',
  });
  try {
    await loading.read();
    await loading.publishAll();
  } finally {
    await loading.stop();
  }
}
