import type { Role } from '../model/role.ts';

/** Somebody, or some program, that may use the API. The token itself is kept nowhere. */
export interface TokenRow {
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly createdAt: number;
}

/** A browser that has shown a token: it goes on until its end, it is signed out, or the token is revoked. */
export interface SessionRow {
  /** SHA-256 of what the cookie holds. */
  readonly hash: string;
  /** Name of its token. */
  readonly token: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Changes of who may use the API. */
export interface Access {
  /** False where there is one of this name. */
  addToken(token: TokenRow): Promise<boolean>;
  /** With its sessions, which end; false where there is none of this name. */
  revokeToken(name: string): Promise<boolean>;
  /** Nothing happens where its token has been revoked meanwhile. Sessions that ended before it began are forgotten. */
  addSession(session: SessionRow): Promise<void>;
  endSession(hash: string): Promise<void>;
}

/** Asked with every request. */
export interface AccessQueries {
  /** By name. */
  tokens(): Promise<readonly TokenRow[]>;
  tokenByHash(hash: string): Promise<TokenRow | null>;
  /** The token whose session this is, where the session has not ended. */
  tokenBySession(hash: string, now: number): Promise<TokenRow | null>;
}
