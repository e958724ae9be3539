import { command } from '../command.ts';
import { EXIT } from '../report-error.ts';

export const doctor = () =>
  command(
    'doctor',
    'look for what is wrong with an installation; ends with 1 when something is',
    (it) => it,
    async (session) => {
      const { examine } = await import('../examination.ts');
      const findings = await examine(session);
      const { terminal } = session;
      const { green, yellow, red } = terminal.colours;
      const marks = { ok: green('ok  '), warn: yellow('warn'), fail: red('fail') };
      terminal.data(findings, () =>
        findings
          .flatMap(({ verdict, what, detail, fix }) => [
            `${marks[verdict]}  ${what.padEnd(10)}  ${detail}`,
            ...(fix === undefined ? [] : [`${' '.repeat(18)}Fix: ${fix}`]),
          ])
          .join('\n'),
      );
      return findings.some(({ verdict }) => verdict === 'fail') ? EXIT.failed : EXIT.ok;
    },
  );
