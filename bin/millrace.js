#!/usr/bin/env node
// Old syntax and no static import, so that an old Node gets as far as the message.
const version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 14)) {
  console.error(
    `Millrace needs Node 22.14 or newer; this is Node ${process.versions.node}.\nFix: install a newer Node (https://nodejs.org), or run "npm install --save-dev node@24" in the project and start with "npx millrace".`,
  );
  process.exitCode = 1;
} else {
  Promise.all([import('node:module'), import('node:os'), import('node:path')])
    .then(([module, os, path]) => {
      // What was compiled by the last start is taken from there: a fifth of the time until a server is ready. Below the
      // user's own folder, since a folder for temporary files may be everybody's.
      const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
      module.enableCompileCache(path.join(cache, 'millrace', 'compiled'));
      return import('../dist/cli/main.js');
    })
    .catch((error) => {
      if (error && error.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).indexOf('dist/cli/main.js') >= 0) {
        console.error('Millrace is not built.\nFix: run "npm run build" in its folder.');
      } else {
        console.error(error);
      }
      process.exitCode = 1;
    });
}
