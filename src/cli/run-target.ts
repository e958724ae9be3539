import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { MillraceError } from '../model/errors.ts';
import { type KnownWorkflow, workflowNamed } from './names.ts';
import type { Session } from './session.ts';

/** What is to be run: a workflow by its name, or the one that a file defines. */
export type RunTarget =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string; readonly name: string | undefined };

const CODE = /\.[cm]?[jt]sx?$/;

/** A text is a file where it looks like one or there is one. `name` says which of a file's workflows. */
export function runTarget(cwd: string, text: string, name: string | undefined): RunTarget {
  const file = resolve(cwd, text);
  if (existsSync(file) && statSync(file).isFile()) return { kind: 'file', file, name };
  if (CODE.test(text) || text.includes('/')) {
    throw new MillraceError('not_found', `there is no file ${text}`, {
      fix: 'Give the path of a pipeline file, or the name of a workflow: millrace dags list.',
    });
  }
  return { kind: 'name', name: text };
}

/** The workflow in the store. `missing` says what to do when the file is not among those that the store knows. */
export async function workflowOf(session: Session, target: RunTarget, missing: string): Promise<KnownWorkflow> {
  if (target.kind === 'name') return workflowNamed(session, target.name);
  const { queries } = await session.store();
  const found = (await queries.workflows({ present: true })).filter(({ file }) => file === target.file);
  const path = relative(session.cwd, target.file);
  if (found.length === 0)
    throw new MillraceError('not_found', `${path} has no workflow that could be run`, { fix: missing });
  const wanted = target.name === undefined ? found : found.filter(({ name }) => name === target.name);
  if (wanted.length === 1) return wanted[0]!;
  const names = found.map(({ name }) => name).join(', ');
  if (wanted.length === 0) {
    throw new MillraceError('not_found', `${path} has no workflow '${target.name}'`, { fix: `It has: ${names}.` });
  }
  throw new MillraceError('invalid_argument', `${path} has several workflows: ${names}`, {
    fix: 'Say which one with --workflow.',
  });
}
