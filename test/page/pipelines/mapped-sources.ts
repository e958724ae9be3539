import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dag, task } from 'millrace';

/** Six sources, of which two fail as long as the file `broken` lies in the folder of the test. */
const isBroken = () => existsSync(join(process.env.PAGE_TEST_FOLDER!, 'broken'));

const getActiveSources = task('get_active_sources', () => ['shop', 'web', 'ads', 'crm', 'erp', 'pos']);

const processSource = task(
  'process_source',
  (source: string, { log }) => {
    for (let n = 1; n <= 5; n += 1) log.info(`batch ${n} of 5 of ${source}`);
    if (isBroken() && (source === 'web' || source === 'erp')) throw new Error('connect ECONNREFUSED 10.4.2.17:5432');
    return source.length;
  },
  { instanceName: (source) => source },
);

const summarizeResults = task('summarize_results', (sizes: Iterable<number>) => [...sizes].length);

export const mappedSources = dag(
  'mapped_sources',
  { description: 'One process_source for each source', tags: ['ingest', 'mapped'], schedule: null },
  () => {
    summarizeResults(processSource.over(getActiveSources()));
  },
);
