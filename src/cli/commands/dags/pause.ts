import { pause, unpause } from '../../../engine/operations.ts';
import { command } from '../../command.ts';
import { workflowNamed } from '../../names.ts';

export const pauseCommand = () =>
  command<readonly [name: string]>(
    'pause',
    'pause a DAG: what runs goes on, nothing else of it starts',
    (it) => it.argument('<dag>', 'name of the DAG'),
    async (session, [name]) => {
      await workflowNamed(session, name);
      const changed = await session.operate((e) => pause(e, name));
      session.terminal.data(
        { name, paused: true, changed },
        () => `${name} ${changed ? 'is paused' : 'was paused already'}`,
      );
    },
  );

export const unpauseCommand = () =>
  command<readonly [name: string]>(
    'unpause',
    'unpause a DAG: its schedule goes on, its queued runs start',
    (it) => it.argument('<dag>', 'name of the DAG'),
    async (session, [name]) => {
      await workflowNamed(session, name);
      const changed = await session.operate((e) => unpause(e, name));
      session.terminal.data(
        { name, paused: false, changed },
        () => `${name} ${changed ? 'is unpaused' : 'was not paused'}`,
      );
    },
  );
