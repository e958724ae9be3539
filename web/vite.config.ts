import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

/** `npm run build` puts the page into dist/web, from where the server serves it. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    sourcemap: false,
    target: 'es2023',
    // The sprite is put into the document once; everything else that is small is small enough as a file.
    assetsInlineLimit: 0,
  },
  // `npx vite` in web/ serves the page with hot reload against a server that runs on its usual port.
  server: { proxy: { '/api': { target: process.env.MILLRACE_URL ?? 'http://127.0.0.1:8080' } } },
});
