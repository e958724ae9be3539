import type { Owner } from './vault.ts';

/** Another place in which connections, variables and secrets are kept. */
export interface SecretsBackend {
  /** For people. */
  readonly name: string;
  /** The text, or null where it has none of this name. Throws when it cannot tell: nothing else is asked then. */
  find(owner: Owner): Promise<string | null>;
}
