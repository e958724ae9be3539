import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

export type ZoneChoice = 'UTC' | 'local';

interface Zone {
  readonly choice: ZoneChoice;
  /** IANA name. */
  readonly name: string;
  /** As it is printed behind a time. */
  readonly label: string;
  choose(choice: ZoneChoice): void;
}

const ZoneContext = createContext<Zone | undefined>(undefined);

const KEY = 'zone';

const localName = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function ZoneProvider({ children }: { readonly children: ReactNode }) {
  const [choice, setChoice] = useState<ZoneChoice>(() => (localStorage.getItem(KEY) === 'local' ? 'local' : 'UTC'));
  const zone = useMemo<Zone>(() => {
    const name = choice === 'UTC' ? 'UTC' : localName();
    const choose = (next: ZoneChoice) => {
      localStorage.setItem(KEY, next);
      setChoice(next);
    };
    return { choice, name, label: choice === 'UTC' ? 'UTC' : name, choose };
  }, [choice]);
  return <ZoneContext value={zone}>{children}</ZoneContext>;
}

/** The zone that times are shown in. */
export function useZone(): Zone {
  const zone = useContext(ZoneContext);
  if (!zone) throw new Error('there is no ZoneProvider above');
  return zone;
}
