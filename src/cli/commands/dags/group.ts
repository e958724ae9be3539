import { group } from '../../command.ts';
import { list } from './list.ts';
import { next } from './next.ts';
import { pauseCommand, unpauseCommand } from './pause.ts';
import { show } from './show.ts';
import { test } from './test.ts';
import { trigger } from './trigger.ts';

export const dags = () =>
  group('dags', 'DAGs: what there is, when it runs next, starting runs', [
    list(),
    show(),
    next(),
    trigger(),
    pauseCommand(),
    unpauseCommand(),
    test(),
  ]);
