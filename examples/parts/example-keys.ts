import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the local services of the examples ask their callers for. */
export interface ExampleKeys {
  readonly scoringApiKey: string;
  readonly slackToken: string;
  readonly lakeAccessKey: string;
  readonly lakeSecretKey: string;
}

/** The keys of this folder, made at the first call, readable by their owner only. */
export function exampleKeys(folder: string): ExampleKeys {
  const file = join(folder, 'keys.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ExampleKeys;
  } catch {
    const random = () => randomBytes(15).toString('hex');
    const keys = {
      scoringApiKey: random(),
      slackToken: `xoxb-${random()}`,
      lakeAccessKey: random(),
      lakeSecretKey: random(),
    };
    writeFileSync(`${file}.new`, JSON.stringify(keys, undefined, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return keys;
  }
}
