// `npm start` and `npm run example -- NAME`. No static import here: an old Node must get as far as the message.
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  console.error(
    `Millrace needs Node 18 or newer to install itself; this is Node ${process.versions.node}.\n` +
      'Fix: install Node 22 or newer (https://nodejs.org), then run the command again.',
  );
  process.exitCode = 1;
} else {
  import('./run-example.mjs')
    .then(({ runExample }) => runExample(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    });
}
