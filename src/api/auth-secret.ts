import { createHash, randomBytes } from 'node:crypto';

/** A secret that is shown once: 256 random bits. Its prefix lets people and scanners see what it is. */
export const newToken = (): string => `mr_${randomBytes(32).toString('base64url')}`;

/** What a browser's cookie holds; it is no token, so that it is of no use elsewhere. */
export const newSession = (): string => `ms_${randomBytes(32).toString('base64url')}`;

/** What is kept of it. So many random bits need no salt and no slow hash. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
