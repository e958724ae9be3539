import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { BuildFailure, Message } from 'esbuild';
import { nearest } from '../sdk/nearest.ts';
import { codeFrame } from './code-frame.ts';
import type { ImportError } from './import-error.ts';

const UNRESOLVED = /^Could not resolve "([^"]+)"/;

/** What esbuild says about a file, as import errors: syntax errors and imports of files that are not there. */
export async function buildErrors(failure: BuildFailure, file: string, project: string): Promise<ImportError[]> {
  const messages = failure.errors ?? [];
  if (messages.length === 0) return [plainError(file, String(failure))];
  return Promise.all(messages.map((message) => buildError(message, file, project)));
}

async function buildError(message: Message, entry: string, project: string): Promise<ImportError> {
  const { location, text } = message;
  if (!location) return plainError(entry, text);
  const file = resolve(project, location.file);
  const [line, column] = [location.line, location.column + 1];
  const source = await readFile(file, 'utf8').catch(() => undefined);
  const frame = source === undefined ? location.lineText : codeFrame(source, line, column);
  const missing = UNRESOLVED.exec(text)?.[1];
  if (missing !== undefined) {
    return {
      file,
      line,
      column,
      code: 'import_not_found',
      message: `'${missing}' is not there`,
      fix: await fixForMissing(file, missing),
      frame,
    };
  }
  const notes = message.notes.map((note) => note.text).filter((note) => note !== '' && !note.endsWith(':'));
  return { file, line, column, code: 'parse_error', message: text, fix: notes.join(' ') || null, frame };
}

function plainError(file: string, message: string): ImportError {
  return { file, line: null, column: null, code: 'parse_error', message, fix: null, frame: null };
}

async function fixForMissing(file: string, specifier: string): Promise<string> {
  const wanted = resolve(dirname(file), specifier);
  const folder = dirname(wanted);
  const names = await readdir(folder).catch(() => undefined);
  if (!names) return `Create the folder ${relative(dirname(file), folder)}, or correct the path.`;
  const stem = (name: string) => name.replace(/\.[^.]+$/, '');
  const found =
    names.find((name) => stem(name) === stem(basename(wanted))) ??
    nearest(
      basename(wanted),
      names.filter((name) => /\.(m?[jt]sx?|json|sql|txt|md)$/.test(name)),
    );
  if (found === undefined) return 'Create the file, or correct the path.';
  const way = relative(dirname(file), join(folder, found));
  return `Did you mean '${way.startsWith('.') ? way : `./${way}`}'?`;
}
