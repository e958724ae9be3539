import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a file of the repository, or undefined when it does not exist. */
export function text(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** All files and folders under a folder of the repository, as paths from its root, in order. Folders end with a slash. */
export function entries(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const from = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
      return entry.isDirectory() ? `${from}/` : from;
    })
    .filter((entry) => !/(^|\/)(node_modules|dist)\//.test(entry))
    .sort();
}

export const isTest = (path: string) => /\.test(-d)?\.tsx?$/.test(path);

/** TypeScript files under src/, tests left out. */
export const sources = () => entries('src').filter((path) => /\.tsx?$/.test(path) && !isTest(path));

export interface Found {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

/** Names what is wrong with a node, or undefined. */
export type Look = (node: ts.Node) => string | undefined;

/** Looks at each node of a program's syntax tree. Comments and strings cannot mislead it. */
export function searchProgram(file: string, program: string, look: Look): Found[] {
  const tree = ts.createSourceFile(file, program, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node) => {
    const what = look(node);
    if (what !== undefined) {
      found.push({ file, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1, what });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

export const search = (files: readonly string[], look: Look): Found[] =>
  files.flatMap((file) => searchProgram(file, text(file) ?? '', look));

/** One line for each thing found; empty when there is none. */
export const asLines = (found: readonly Found[]) =>
  found.map(({ file, line, what }) => `${file}:${line} ${what}`).join('\n');
