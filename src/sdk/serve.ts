import { MillraceError } from '../model/errors.ts';
import { placed } from './id.ts';
import { flag, oneOf, type Readers, readOptions, text } from './option-reader.ts';
import type { PlaceProbe } from './place.ts';

/** How a flow is served. */
export interface ServeOptions<I = never> {
  /** The deployment's name. */
  readonly name: string;
  /** When it runs; without it and without `schedules`: only when somebody starts it. */
  readonly cron?: string;
  /** Time zone of `cron`, by its IANA name. Default 'UTC'. */
  readonly timezone?: string;
  /** A schedule of another kind, in place of `cron`; several, and params of each, come later. */
  readonly schedules?: readonly { readonly schedule: unknown; readonly params?: Partial<I> }[];
  /** Params of scheduled runs. */
  readonly params?: Partial<I>;
  /** Whether it starts paused. Default false. */
  readonly paused?: boolean;
  /** Which ticks that were missed while nobody served get their runs: the latest (the default), or all of them. */
  readonly catchup?: 'one' | 'all';
}

/** What the server is told: see serveFlow of millrace/server. */
interface ServedFlow extends ServeOptions<Record<string, unknown>> {
  readonly file: string;
  readonly flow: string;
}

interface ServerModule {
  serveFlow(options: ServedFlow): Promise<void>;
}

type Parsed = ServeOptions<Record<string, unknown>>;

const readers: Readers<Parsed, keyof ServeOptions> = {
  name: (value, refuse) => ({ name: text(value, refuse) }),
  cron: (value, refuse) => ({ cron: text(value, refuse) }),
  timezone: (value, refuse) => ({ timezone: text(value, refuse) }),
  schedules: (value, refuse) => {
    if (Array.isArray(value)) return { schedules: value };
    return refuse('is not a list', 'Write schedules: [{ schedule, params }].');
  },
  params: (value, refuse) => {
    if (typeof value === 'object' && value !== null) return { params: value };
    return refuse('is not an object', 'Write params: { name: value }.');
  },
  paused: (value, refuse) => ({ paused: flag(value, refuse) }),
  catchup: (value, refuse) => ({ catchup: oneOf(value, ['one', 'all'], refuse) }),
};

// In a variable, so that who bundles a pipeline does not bundle a server.
const SERVER = 'millrace/server';

/** Starts a server for the flow in this process. Throws `invalid_option`, and what the server does. */
export async function serve(
  flow: string,
  options: unknown,
  places: { readonly flow: PlaceProbe; readonly call: PlaceProbe },
): Promise<void> {
  const owner = `serve() of flow '${flow}'`;
  const { name, ...rest } = readOptions<Parsed>(options, readers, { owner, place: places.call });
  if (name === undefined) {
    throw new MillraceError('invalid_option', `${owner} has no name`, {
      fix: `Write .serve({ name: '${flow}', … }).`,
      ...placed(places.call),
    });
  }
  const file = places.flow()?.file;
  if (file === undefined) throw new MillraceError('internal', `it is not known which file defines flow '${flow}'`);
  const { serveFlow } = (await import(SERVER)) as ServerModule;
  await serveFlow({ ...rest, name, file, flow });
}
