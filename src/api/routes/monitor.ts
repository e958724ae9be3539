import { z } from 'zod';
import { ANYBODY, type Routes } from '../route.ts';

const version = z.object({ version: z.string(), git_version: z.string().nullable() }).meta({ id: 'VersionInfo' });

export const monitor: Routes = (api, { version: own }) => {
  api.get('/version', { config: ANYBODY, schema: { response: { 200: version } } }, () => ({
    version: own,
    git_version: null,
  }));
};
