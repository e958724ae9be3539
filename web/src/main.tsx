import '@fontsource-variable/inter';
import './styles/page.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { AnnouncerProvider } from './actions/announcer.tsx';
import { ApiError } from './live/api.ts';
import { LiveProvider } from './live/live.tsx';
import { NowProvider } from './parts/now.tsx';
import { putSprite } from './parts/sprite.ts';
import { ZoneProvider } from './parts/zone.tsx';
import { router } from './router.tsx';
import { KeysProvider } from './shell/keys.tsx';

// What is on screen is kept true by events, not by asking again and again.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => failures < 1 && !(error instanceof ApiError && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});

putSprite();
createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={queries}>
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
