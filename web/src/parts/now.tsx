import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const NowContext = createContext<number>(0);

/** One clock for the page: it moves once a second, and stands still while the page is not seen. */
export function NowProvider({ children }: { readonly children: ReactNode }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const tick = () => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    };
    const timer = setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

/** Milliseconds since the epoch; the caller is drawn anew every second. */
export const useNow = (): number => useContext(NowContext);
