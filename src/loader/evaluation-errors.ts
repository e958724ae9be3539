import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { formatDuration } from '../model/duration.ts';
import { ERROR_CODES, type ErrorCode } from '../model/errors.ts';
import type { BuiltFile } from './bundle.ts';
import { codeFrame } from './code-frame.ts';
import type { Evaluation, ThrownError } from './evaluation.ts';
import type { ImportError } from './import-error.ts';

type Place = { readonly file: string; readonly line: number | null; readonly column: number | null };

/** Why a file that could be built defines nothing, or not what it did a moment ago. */
export async function evaluationErrors(
  file: string,
  evaluation: Evaluation,
  built: Pick<BuiltFile, 'inputs' | 'packages'>,
): Promise<ImportError[]> {
  switch (evaluation.kind) {
    case 'drawn':
      return Promise.all(
        evaluation.varying.map((id) =>
          at(file, null, {
            code: 'runtime_varying',
            message: `DAG '${id}' is drawn differently each time the file is read`,
            fix: 'Keep the clock, chance and what changes outside of dag(): read them in a task.',
          }),
        ),
      );
    case 'threw':
      return [await thrownError(file, evaluation.error, built)];
    case 'timeout':
      return [
        await at(file, placeIn(evaluation.stack, built), {
          code: 'import_timeout',
          message: `the file did not finish loading within ${formatDuration(evaluation.limitMs)}`,
          fix: 'Move what takes long from the top level of the file into a task.',
        }),
      ];
    case 'exited':
      return [
        await at(file, placeIn(evaluation.stack, built), {
          code: 'import_exited',
          message:
            evaluation.signal === null
              ? `the file ended its process with exit code ${evaluation.exitCode}`
              : `the process that loaded the file was ended: ${evaluation.signal}`,
          fix: 'Take process.exit(), or whatever crashed, out of the top level of the file.',
        }),
      ];
    case 'out_of_memory':
      return [
        await at(file, null, {
          code: 'import_memory',
          message: `the file used more than ${evaluation.limitMb} MiB while it was loaded`,
          fix: 'Move the work into a task.',
        }),
      ];
  }
}

async function thrownError(
  file: string,
  error: ThrownError,
  built: Pick<BuiltFile, 'inputs' | 'packages'>,
): Promise<ImportError> {
  const missing = /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
  if (error.code === 'ERR_MODULE_NOT_FOUND' && missing !== undefined) {
    const importer = [...built.packages].find(
      ([specifier]) => specifier === missing || specifier.startsWith(`${missing}/`),
    );
    const [from = file] = importer?.[1] ?? [];
    return at(file, await placeOfImport(from, importer?.[0] ?? missing), {
      code: 'import_not_found',
      message: `the package '${missing}' is not installed`,
      fix: `npm install ${missing}`,
    });
  }
  const own = ERROR_CODES.find((code) => code === error.code);
  const place = error.place ?? placeIn(error.stack, built);
  if (own) return at(file, place, { code: own, message: error.message, fix: error.fix });
  return at(file, place, {
    code: 'import_threw',
    message: `the file threw while it was loaded: ${error.name}: ${error.message}`,
    fix: 'Correct it, or move it into a task: the top level of a file runs each time it is read.',
  });
}

async function placeOfImport(file: string, specifier: string): Promise<Place> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const index = lines.findIndex((line) => line.includes(`'${specifier}'`) || line.includes(`"${specifier}"`));
  return { file, line: index < 0 ? null : index + 1, column: null };
}

/** The first frame of a stack that lies in the author's files. */
function placeIn(stack: string | null, { inputs }: Pick<BuiltFile, 'inputs'>): Place | null {
  for (const frame of (stack ?? '').split('\n')) {
    const [, place = '', line, column] = /(?:\(|at (?:async )?)((?:file:)?\/.+):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    const file = place.startsWith('file:') ? fileURLToPath(place) : place;
    if (inputs.some(({ path }) => path === file)) return { file, line: Number(line), column: Number(column) };
  }
  return null;
}

/** The error with its lines of code. It is filed under the pipeline file, also when its place is in one that it imports. */
async function at(
  file: string,
  place: Place | null,
  { code, message, fix }: { readonly code: ErrorCode; readonly message: string; readonly fix: string | null },
): Promise<ImportError> {
  const source = place?.line ? await readFile(place.file, 'utf8').catch(() => undefined) : undefined;
  const frame = source === undefined || !place?.line ? null : codeFrame(source, place.line, place.column);
  return {
    file: place?.file ?? file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    code,
    message,
    fix,
    frame,
  };
}
