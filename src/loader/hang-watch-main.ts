import { readFileSync, writeSync } from 'node:fs';
import { type Debugger, type InspectorNotification, Session } from 'node:inspector';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../model/clock.ts';
import { HANGS_AT, type HangWatch } from './evaluation.ts';

// A thread of the loader's child process: shortly before a file's time is up it looks where the main thread is, which
// cannot say so itself while it runs in a loop, and writes that down on stderr for the parent that ends the process.

let cancel = () => {};

parentPort?.on('message', ({ lookAfterMs }: HangWatch) => {
  cancel();
  cancel = lookAfterMs === null ? () => {} : systemClock.after(lookAfterMs, look);
});

function look(): void {
  const session = new Session();
  session.connectToMainThread();
  // Frames name their script by a number; enabling the debugger tells of all scripts that there are.
  const scripts = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
    scripts.set(params.scriptId, params.url);
  });
  session.on('Debugger.paused', ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
    session.post('Debugger.resume');
    session.disconnect();
    for (const { location } of params.callFrames) {
      const url = scripts.get(location.scriptId) ?? '';
      const place = placeInSource(url, location.lineNumber, location.columnNumber ?? 0);
      if (place) writeSync(2, `\n${HANGS_AT}    at ${place}\n`);
    }
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

/** The place in the author's file for one in a bundle; lines and columns of the inspector count from 0. */
function placeInSource(url: string, line: number, column: number): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  const bundle = new URL(url);
  bundle.search = '';
  try {
    const map = new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(bundle)}.map`, 'utf8')));
    const entry = map.findEntry(line, column);
    if (!('originalSource' in entry)) return undefined;
    const source = fileURLToPath(new URL(entry.originalSource, bundle));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  } catch {
    // The platform's and the packages' own files have no map.
    return undefined;
  }
}
