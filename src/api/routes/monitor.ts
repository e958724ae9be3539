import { z } from 'zod';
import { iso } from '../../insight/iso.ts';
import { time } from '../contract/state.ts';
import { ANYBODY, type Routes } from '../route.ts';

const version = z.object({ version: z.string(), git_version: z.string().nullable() }).meta({ id: 'VersionInfo' });

const status = z.enum(['healthy', 'unhealthy']).nullable();
const health = z
  .object({
    metadatabase: z.object({ status }),
    scheduler: z.object({ status, latest_scheduler_heartbeat: time.nullable() }),
    triggerer: z.object({ status, latest_triggerer_heartbeat: time.nullable() }),
    dag_processor: z.object({ status, latest_dag_processor_heartbeat: time.nullable() }),
  })
  .meta({ id: 'HealthInfoResponse' });

/** How it goes. One process is Airflow's scheduler, triggerer and DAG processor at once, so they are as it is. */
export const monitor: Routes = (api, { store, clock, version: own }) => {
  api.get('/version', { config: ANYBODY, schema: { response: { 200: version } } }, () => ({
    version: own,
    git_version: null,
  }));

  api.get('/monitor/health', { config: ANYBODY, schema: { response: { 200: health } } }, async () => {
    const now = clock.now();
    const servers = await store.readings.servers().catch(() => null);
    const isAlive = servers?.some(({ leaseUntil }) => leaseUntil > now) ?? false;
    const state = (isWell: boolean) => (isWell ? ('healthy' as const) : ('unhealthy' as const));
    const own = state(isAlive);
    const at = isAlive ? iso(now) : null;
    return {
      metadatabase: { status: state(servers !== null) },
      scheduler: { status: own, latest_scheduler_heartbeat: at },
      triggerer: { status: own, latest_triggerer_heartbeat: at },
      dag_processor: { status: own, latest_dag_processor_heartbeat: at },
    };
  });
};
