import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { type Loader, type Plugin, transform } from 'esbuild';

const LOADERS: Readonly<Record<string, Loader>> = { ts: 'ts', mts: 'ts', tsx: 'tsx', js: 'js', mjs: 'js', jsx: 'jsx' };

/**
 * Lets `import.meta.url`, `.filename` and `.dirname` mean the file they are written in, although the code runs from a
 * bundle elsewhere: `new URL('./query.sql', import.meta.url)` finds the file beside the pipeline. The way there is
 * written down relative to the bundle, so that the same project in another folder gives the same bundle.
 */
export function ownPlace(bundleFolder: string): Plugin {
  return {
    name: 'own-place',
    setup(build) {
      build.onLoad({ filter: /\.m?[jt]sx?$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const loader = LOADERS[path.slice(path.lastIndexOf('.') + 1)] ?? 'ts';
        if (!text.includes('import.meta.')) return undefined;
        const way = relative(bundleFolder, path).split(sep).map(encodeURIComponent).join('/');
        try {
          const { code } = await transform(text, {
            loader,
            format: 'esm',
            target: 'esnext',
            charset: 'utf8',
            sourcefile: path,
            sourcemap: 'inline',
            logLevel: 'silent',
            define: {
              'import.meta.url': '__own_url',
              'import.meta.filename': '__own_filename',
              'import.meta.dirname': '__own_dirname',
            },
            banner:
              `import { fileURLToPath as __own_path } from 'node:url';` +
              `const __own_url = new URL('${way}', import.meta.url).href;` +
              `const __own_filename = __own_path(__own_url);` +
              `const __own_dirname = __own_path(new URL('.', __own_url)).replace(/[\\\\/]$/, '') || '/';`,
          });
          return { contents: code, loader: 'js', resolveDir: dirname(path) };
        } catch {
          // The bundler says the same about the file, with the place.
          return undefined;
        }
      });
    },
  };
}
