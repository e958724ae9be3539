import { createClient, subscribe } from 'millrace/client';

const baseUrl = 'http://127.0.0.1:8080';
const { data } = await createClient({ baseUrl }).GET('/api/v2/attention');
for (const { dag_id, fact } of data?.items ?? []) console.log(dag_id, fact);
subscribe({ baseUrl, dagId: 'hello', onEvents: (events) => console.log(events) });
