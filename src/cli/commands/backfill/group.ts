import { group } from '../../command.ts';
import { cancel } from './cancel.ts';
import { create } from './create.ts';
import { list } from './list.ts';
import { pauseCommand, unpauseCommand } from './pause.ts';
import { preview } from './preview.ts';
import { show } from './show.ts';

export const backfill = () =>
  group('backfill', 'backfills: runs for dates that have passed', [
    create(),
    preview(),
    list(),
    show(),
    pauseCommand(),
    unpauseCommand(),
    cancel(),
  ]);
