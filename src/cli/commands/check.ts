import { relative } from 'node:path';
import { many } from '../../insight/many.ts';
import { MillraceError } from '../../model/errors.ts';
import { optionsWithoutEffect, withoutEffectText } from '../../sdk/not-yet.ts';
import { command } from '../command.ts';
import { EXIT, errorText } from '../report-error.ts';
import { nextRuns, scheduleText } from '../schedule-preview.ts';
import { iso } from '../times.ts';

export const check = () =>
  command<readonly [paths: readonly string[]]>(
    'check',
    'read pipeline files and say what is wrong with them; ends with 1 when something is',
    (it) => it.argument('[paths...]', 'files, folders or globs (default: pipelines/, else dags/)'),
    async ({ home, clock, cwd, terminal }, [paths]) => {
      const { loadPipelines } = await import('../server/pipeline-loading.ts');
      // Paths are the user's, from where the user is; the default folders are the project's.
      const loaded = await loadPipelines({
        home: home.folder,
        project: paths.length > 0 ? cwd : home.project,
        paths,
        clock,
      });
      const errors = loaded.flatMap((file) => file.errors);
      const dags = loaded.flatMap(({ file, workflows }) =>
        workflows.map((spec) => ({
          id: spec.id,
          kind: spec.kind,
          file,
          tasks: spec.tasks.length,
          schedule: scheduleText(spec),
          nextRuns: nextRuns(spec, { last: null, now: clock.now(), count: 3 }).map(({ runAfter }) => iso(runAfter)),
        })),
      );
      const warnings = loaded.flatMap(({ file, workflows }) =>
        workflows.flatMap(optionsWithoutEffect).map((found) => ({ file, message: withoutEffectText(found) })),
      );
      terminal.data({ errors, warnings, dags }, () => {
        const rows = dags.map((dag) => [
          dag.id,
          String(dag.tasks),
          dag.schedule,
          dag.nextRuns[0] ?? '',
          relative(cwd, dag.file),
        ]);
        return dags.length === 0
          ? ''
          : terminal.table(['DAG', ['TASKS', 'right'], 'SCHEDULE', 'NEXT RUN', 'FILE'], rows);
      });
      if (!terminal.json) {
        for (const { file, line, column, code, message, fix, frame } of errors) {
          const place = {
            file: relative(cwd, file),
            ...(line ? { line } : {}),
            ...(column ? { column } : {}),
            ...(frame ? { frame } : {}),
          };
          terminal.say(`${errorText(new MillraceError(code, message, { place, ...(fix ? { fix } : {}) }))}\n`);
        }
        for (const { file, message } of warnings) terminal.say(`${relative(cwd, file)}: warning: ${message}`);
        if (loaded.length === 0) terminal.say('No pipeline files: looked in pipelines/ and dags/ of the project.');
        terminal.say(`${many(loaded.length, 'file')}, ${many(dags.length, 'DAG')}, ${many(errors.length, 'error')}`);
      }
      return errors.length > 0 ? EXIT.failed : EXIT.ok;
    },
  );
