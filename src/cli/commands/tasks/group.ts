import { group } from '../../command.ts';
import { list } from './list.ts';
import { render } from './render.ts';
import { test } from './test.ts';
import { why } from './why.ts';

export const tasks = () =>
  group('tasks', 'the tasks of a DAG, and running one alone', [list(), why(), test(), render()]);
