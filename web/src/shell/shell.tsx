import { Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { AllKeys } from './all-keys.tsx';
import { AwayBanner } from './connection.tsx';
import { KeyHints } from './key-hints.tsx';
import { useKeys } from './keys.tsx';
import { Search } from './search.tsx';
import { BottomTabs, TopBar } from './top-bar.tsx';

/** What is around every view. */
export function Shell() {
  const [floats, setFloats] = useState<'search' | 'keys' | undefined>();
  const navigate = useNavigate();
  const { history } = useRouter();
  const close = () => setFloats(undefined);
  useKeys('Go', [
    { keys: 'g h', what: 'home', run: () => void navigate({ to: '/' }) },
    { keys: 'g r', what: 'runs', run: () => void navigate({ to: '/runs' }) },
    { keys: 'g w', what: 'workflows', run: () => void navigate({ to: '/workflows' }) },
    { keys: 'esc', what: 'back', run: () => history.back() },
  ]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar onSearch={() => setFloats('search')} />
      <AwayBanner />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <KeyHints />
      <BottomTabs />
      <Search open={floats === 'search'} onOpen={() => setFloats('search')} onClose={close} />
      <AllKeys open={floats === 'keys'} onOpen={() => setFloats('keys')} onClose={close} />
    </>
  );
}
