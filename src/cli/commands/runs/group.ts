import { group } from '../../command.ts';
import { cancel } from './cancel.ts';
import { clear } from './clear.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { mark } from './mark.ts';
import { resume } from './resume.ts';
import { show } from './show.ts';
import { why } from './why.ts';

export const runs = () =>
  group('runs', 'runs: what happened, why, and what was logged', [
    list(),
    show(),
    why(),
    logs(),
    cancel(),
    clear(),
    resume(),
    mark(),
  ]);
