import '@fontsource-variable/inter';
import './styles/page.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { AnnouncerProvider } from './actions/announcer.tsx';
import { LiveProvider } from './live/live.tsx';
import { queryClient } from './live/query-client.ts';
import { NowProvider } from './parts/now.tsx';
import { putSprite } from './parts/sprite.ts';
import { ZoneProvider } from './parts/zone.tsx';
import { router } from './router.tsx';
import { KeysProvider } from './shell/keys.tsx';

putSprite();
createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={queryClient}>
    <LiveProvider>
      <ZoneProvider>
        <NowProvider>
          <AnnouncerProvider>
            <KeysProvider>
              <RouterProvider router={router} />
            </KeysProvider>
          </AnnouncerProvider>
        </NowProvider>
      </ZoneProvider>
    </LiveProvider>
  </QueryClientProvider>,
);
