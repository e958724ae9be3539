import { z } from 'zod';
import { MillraceError } from '../../model/errors.ts';
import { accepts } from '../accepts.ts';
import { OP, type Routes } from '../route.ts';

const option = z.object({ key: z.string(), value: z.string() });
const config = z
  .object({ sections: z.array(z.object({ name: z.string(), options: z.array(option) })) })
  .meta({ id: 'Config' });

/** The part of Airflow's configuration that has a meaning here. Nothing secret is in it, and nothing of the environment. */
export const configuration: Routes = (api, parts) => {
  const sections = async () => {
    const pools = await parts.store.readings.pools();
    const slots = pools.find(({ name }) => name === 'default_pool')?.slots ?? 0;
    return [
      {
        name: 'core',
        options: [
          { key: 'parallelism', value: String(slots) },
          { key: 'default_timezone', value: 'utc' },
          { key: 'dags_are_paused_at_creation', value: 'False' },
          { key: 'max_active_runs_per_dag', value: '16' },
        ],
      },
      { name: 'api', options: [{ key: 'maximum_page_limit', value: '100' }] },
    ];
  };

  const query = z.object({ section: z.string().optional() });
  api.get('/config', { config: OP, schema: { querystring: query, response: { 200: config } } }, async (request) => {
    accepts(request, ['application/json']);
    const { section } = request.query;
    const found = (await sections()).filter(({ name }) => section === undefined || name === section);
    if (found.length === 0) throw new MillraceError('not_found', `Section ${section} not found.`);
    return { sections: found };
  });

  const one = z.object({ section: z.string(), option: z.string() });
  api.get(
    '/config/section/:section/option/:option',
    { config: OP, schema: { params: one, response: { 200: config } } },
    async ({ params }) => {
      const found = (await sections()).find(({ name }) => name === params.section);
      const value = found?.options.find(({ key }) => key === params.option);
      if (!found || !value)
        throw new MillraceError('not_found', `Option [${params.section}/${params.option}] not found.`);
      return { sections: [{ name: found.name, options: [value] }] };
    },
  );
};
