/** Parsers of files that an attacker may have written: whatever stands there, they end, in time linear in it, and never throw. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadedLibraries } from '../../../../src/linux/startup/loaded-libraries.ts';
import { parseAptConf } from '../../../../src/linux/startup/parse-apt-conf.ts';
import { parseAtJob } from '../../../../src/linux/startup/parse-at-job.ts';
import { parseAnacrontab, parseCrontab } from '../../../../src/linux/startup/parse-crontab.ts';
import { parseIni } from '../../../../src/linux/startup/parse-ini.ts';
import { parsePam } from '../../../../src/linux/startup/parse-pam.ts';
import { parseUdevRules } from '../../../../src/linux/startup/parse-udev-rules.ts';
import { programsOf } from '../../../../src/linux/startup/programs-of.ts';
import { parseInittab } from '../../../../src/linux/startup/read-init.ts';
import { parseInetd, parseXinetd } from '../../../../src/linux/startup/read-inetd.ts';
import { parseLogrotate } from '../../../../src/linux/startup/read-logrotate.ts';
import { parseMailCommands } from '../../../../src/linux/startup/read-mail.ts';
import { parseSshCommands } from '../../../../src/linux/startup/read-ssh.ts';

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  'apt.conf': parseAptConf,
  'at job': (text) => parseAtJob('a0000101c7f3a0', text),
  crontab: (text) => [parseCrontab(text, { withUser: true }), parseCrontab(text, { withUser: false })],
  anacrontab: parseAnacrontab,
  'unit file': parseIni,
  pam: (text) => [parsePam(text, { withService: true }), parsePam(text, { withService: false })],
  udev: parseUdevRules,
  'command line': programsOf,
  inittab: parseInittab,
  logrotate: parseLogrotate,
  inetd: parseInetd,
  xinetd: parseXinetd,
  mail: parseMailCommands,
  'variables that load libraries': (text) => loadedLibraries([text]),
  'ssh settings': (text) => parseSshCommands(text, /^ProxyCommand$/i),
};

const pieces = fc.oneof(
  fc.constantFrom(
    '=',
    '==',
    '"',
    "'",
    '\\',
    '\n',
    ' ',
    '\t',
    '#',
    ';',
    '{',
    '}',
    '[',
    ']',
    ':',
    '|',
    '&',
    '(',
    ')',
    '%',
    '\u2028',
    '\r',
    '\0',
    '\udce9',
    '/*',
    '*/',
    '//',
  ),
  fc.constantFrom(
    'RUN+="',
    'ACTION',
    '[Service]',
    'ExecStart=',
    '* * * * * ',
    '@reboot ',
    'root ',
    'auth',
    'required',
    'pam_exec.so',
    'sh -c ',
    'env',
    'nice -n',
    'postrotate\n',
    'endscript\n',
    'ProxyCommand ',
    'service x',
    'server = /x',
    '|"',
    'LD_PRELOAD=',
    '\n}\n',
    '# atrun uid=',
    '1 1 x ',
  ),
  fc.string({ maxLength: 5 }),
);
const texts = fc.array(pieces, { maxLength: 200 }).map((parts) => parts.join(''));

const long = [
  'A',
  'A=',
  'A{',
  'RUN="',
  '"\\',
  '/* ',
  '[ ',
  '# ',
  '\\\n',
  '1 ',
  '=',
  '::',
  'sh -c ',
  '\t\u2028',
  '{',
  '} ',
  'postrotate\n',
  '\n}\n',
  "'",
  'auth [a ',
  '|',
  '"|',
  '| ',
  'service a\n',
  'a=b\n',
  'LD_AUDIT=',
  '@',
  '\\',
];

describe.each(Object.entries(parsers))('%s', (_, parse) => {
  test('any text is read without an error', () => {
    fc.assert(
      fc.property(texts, (text) => void parse(text)),
      { numRuns: 300 },
    );
  });

  test.each(long)('a long file of %j takes no time', (piece) => {
    const startedMs = performance.now();
    parse(piece.repeat((1 << 16) / piece.length));
    parse(`ProxyCommand ${piece.repeat((1 << 16) / piece.length)}\u2028x`);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});
