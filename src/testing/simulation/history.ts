import type { Mirror } from './mirror.ts';

export function checkHistory(_mirror: Mirror): void {}
