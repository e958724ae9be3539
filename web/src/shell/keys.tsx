import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';

/** What keys do on the page, in one place: for pressing, for the hints at the bottom, and for the list of all keys. */
export interface Binding {
  /** `j`, `⇧C`, `g h` (one after the other), `enter`, `esc`, `⌘K` (also Ctrl). */
  readonly keys: string;
  readonly what: string;
  /**
   * Hinted at the bottom as `what`, or in these words: keys of the same words stand together, `j k task`. Default: it is
   * in the list of all keys alone.
   */
  readonly hint?: boolean | string;
  readonly run: () => void;
}

class Registry {
  readonly #groups = new Map<symbol, { readonly title: string; bindings: readonly Binding[] }>();
  readonly #listeners = new Set<() => void>();
  #list: readonly { readonly title: string; readonly bindings: readonly Binding[] }[] = [];

  put(id: symbol, title: string, bindings: readonly Binding[]): void {
    this.#groups.set(id, { title, bindings });
    this.#changed();
  }

  remove(id: symbol): void {
    this.#groups.delete(id);
    this.#changed();
  }

  /** The latest view's binding wins. */
  find(keys: string): Binding | undefined {
    return this.#list.flatMap(({ bindings }) => bindings).findLast((binding) => binding.keys === keys);
  }

  begins(keys: string): boolean {
    return this.#list.some(({ bindings }) => bindings.some((binding) => binding.keys.startsWith(`${keys} `)));
  }

  readonly list = () => this.#list;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(): void {
    this.#list = [...this.#groups.values()];
    for (const listener of this.#listeners) listener();
  }
}

const KeysContext = createContext<Registry | undefined>(undefined);

function useRegistry(): Registry {
  const registry = useContext(KeysContext);
  if (!registry) throw new Error('there is no KeysProvider above');
  return registry;
}

const PAUSE_MS = 1000;
const OFF = 'keys-off';

export function KeysProvider({ children }: { readonly children: ReactNode }) {
  const registry = useMemo(() => new Registry(), []);
  useEffect(() => {
    let before = '';
    let at = 0;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const key = nameOf(event);
      if (key === undefined) return;
      const everywhere = key === '⌘K';
      if (!everywhere && (isTyping(event.target) || localStorage.getItem(OFF) !== null)) return;
      // A dialog has the keys to itself; it closes on Escape by itself.
      if (!everywhere && document.querySelector('dialog[open]')) return;
      const now = event.timeStamp;
      const both = before && now - at < PAUSE_MS ? registry.find(`${before} ${key}`) : undefined;
      const binding = both ?? registry.find(key);
      before = registry.begins(key) && !both ? key : '';
      at = now;
      if (!binding) return;
      event.preventDefault();
      binding.run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [registry]);
  return <KeysContext value={registry}>{children}</KeysContext>;
}

const NAMES: Readonly<Record<string, string>> = {
  Enter: 'enter',
  Escape: 'esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** As bindings write it; undefined: not a key that anything is bound to. */
function nameOf(event: KeyboardEvent): string | undefined {
  const { key } = event;
  if (event.metaKey || event.ctrlKey) {
    if (key === 'Enter') return '⌘↵';
    return event.altKey || key.length !== 1 ? undefined : `⌘${key.toUpperCase()}`;
  }
  if (event.altKey) return undefined;
  // Enter and Space on a button or link are its own.
  if ((key === 'Enter' || key === ' ') && (event.target as Element | null)?.closest?.('a, button, summary, input'))
    return undefined;
  if (NAMES[key]) return NAMES[key];
  if (key.length !== 1) return undefined;
  return event.shiftKey && /[A-Z]/.test(key) ? `⇧${key}` : key;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !/^(checkbox|radio|button)$/.test((target as HTMLInputElement).type);

/** Binds keys while the caller is on the page. */
export function useKeys(title: string, bindings: readonly Binding[]): void {
  const registry = useRegistry();
  const latest = useRef(bindings);
  latest.current = bindings;
  const shape = bindings.map(({ keys, what, hint }) => `${keys}|${what}|${hint}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what keys do may change at every drawing, which keys there are seldom does.
  useEffect(() => {
    const id = Symbol(title);
    registry.put(
      id,
      title,
      latest.current.map((binding, n) => ({ ...binding, run: () => latest.current[n]?.run() })),
    );
    return () => registry.remove(id);
  }, [registry, title, shape]);
}

/** Everything that is bound now, by view. */
export function useBindings() {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.list);
}

export const keysAreOff = () => localStorage.getItem(OFF) !== null;

export function turnKeysOff(): void {
  localStorage.setItem(OFF, '1');
}

export function turnKeysOn(): void {
  localStorage.removeItem(OFF);
}
