import { dag, task } from 'millrace';
import { postgres } from 'millrace/providers/postgres';
import { runEtl, type Source } from './etl.ts';

const getActiveSources = task('get_active_sources', async () =>
  postgres('config_db').query<Source>(
    'SELECT source_id, source_name, connection_string FROM data_sources WHERE active ORDER BY source_id',
  ),
);

/** Runs once for each source. */
const processSource = task(
  'process_source',
  async ({ source }: { source: Source }) => ({ source: source.source_name, records: await runEtl(source) }),
  { instanceName: ({ source }) => source.source_name },
);

const summarizeResults = task(
  'summarize_results',
  async (results: Iterable<{ source: string; records: number }>, { log }) => {
    const all = [...results];
    const records = all.reduce((sum, result) => sum + result.records, 0);
    log.info(`Processed ${all.length} sources, ${records.toLocaleString('en')} total records`);
    return { sources: all.length, records };
  },
);

export const multiSourceEtl = dag(
  'multi_source_etl',
  {
    description: 'Load every active source of the config table into the warehouse',
    schedule: '@daily',
    startDate: '2026-01-01',
    catchup: false,
    maxActiveRuns: 1,
    tags: ['etl', 'daily'],
  },
  () => {
    const sources = getActiveSources();
    const results = processSource.expand({ source: sources }); // as many instances as there are rows, when it runs
    summarizeResults(results);
  },
);
