import { useState } from 'react';

export interface ClearOptions {
  readonly downstream: boolean;
  readonly upstream: boolean;
  readonly future: boolean;
  readonly past: boolean;
  readonly onlyFailed: boolean;
}

const KEY = 'clear-options';

const FIRST: ClearOptions = { downstream: true, upstream: false, future: false, past: false, onlyFailed: false };

function remembered(): ClearOptions {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<ClearOptions>) };
  } catch {
    return FIRST;
  }
}

/** What was chosen the last time, and how to remember what is chosen now. */
export function useClearOptions(fixed: Partial<ClearOptions>) {
  const [options, setOptions] = useState<ClearOptions>(() => ({ ...remembered(), ...fixed }));
  return {
    options,
    set: (change: Partial<ClearOptions>) => setOptions({ ...options, ...change }),
    remember: () => localStorage.setItem(KEY, JSON.stringify(options)),
  };
}
