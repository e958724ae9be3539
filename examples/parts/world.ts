/** A line of "where to look": what it is, and an address, a file or a command. */
export interface Place {
  readonly what: string;
  readonly where: string;
}

/** Something that runs around a pipeline, and what Millrace and the reader need to know of it. */
export interface Part {
  /** Environment variables for Millrace: connections and variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly places?: readonly Place[];
  stop?(): Promise<void>;
}

/** All parts together. */
export interface World {
  readonly env: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
  /** Ends everything that was started here. What it keeps in its folder stays. */
  stop(): Promise<void>;
}

/**
 * Starts the parts at the same time. When one of them fails, those that run are stopped again before the error is
 * thrown. `stop` stops them in the opposite order of the list, each once.
 */
export async function assembleWorld(starters: readonly (() => Promise<Part>)[]): Promise<World> {
  const outcomes = await Promise.allSettled(starters.map((start) => start()));
  const parts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll(parts);
    return stopping;
  };
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    env: Object.assign({}, ...parts.map((part) => part.env ?? {})),
    places: parts.flatMap((part) => part.places ?? []),
    stop,
  };
}

async function stopAll(parts: readonly Part[]): Promise<void> {
  const errors: unknown[] = [];
  for (const part of parts.toReversed()) await part.stop?.().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}
