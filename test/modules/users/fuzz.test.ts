/** Whatever stands in the files of a host, a run ends with an answer, the same after a journey as JSON. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Elements } from '../../../modules/users/elements.ts';
import { openHost } from '../../../modules/users/host.ts';
import { runOn } from '../../../modules/users/run.ts';
import { createHostTree } from '../../helpers/host-tree.ts';
import { createRunContext } from '../../helpers/run-context.ts';

const paths = [
  '/etc/passwd',
  '/etc/shadow',
  '/etc/group',
  '/etc/gshadow',
  '/etc/sudoers',
  '/etc/doas.conf',
  '/etc/shells',
  '/etc/login.defs',
  '/etc/nsswitch.conf',
  '/etc/ssh/sshd_config',
  '/root/.ssh/authorized_keys',
  '/var/log/wtmp',
  '/var/log/btmp',
  '/var/log/lastlog',
  '/var/lib/lastlog/lastlog2.db',
  '/run/utmp',
];

const pieces = fc.oneof(
  fc.constantFrom('\n', ':', ',', '=', '"', '\\', '#', '!', '%', '(', ')', '\0', ' ', '..', '/'),
  fc.constantFrom(
    'root:x:0:0::/root:/bin/sh\n',
    'a:$6$x$y:99999999:0:99999:7::99999999:\n',
    '__proto__',
    'root',
    'ALL=(ALL) ALL\n',
    'User_Alias A',
    'permit :wheel\n',
    'UID_MIN -5\n',
    'passwd: files sss\n',
    'AuthorizedKeysFile %h/%u\n',
    'ssh-rsa AAAA\n',
    '@includedir /etc\n',
    'SQLite format 3\0',
  ),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const contents = fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

test('any contents of any of its files', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...paths), contents), { minLength: 5, maxLength: 20 }),
      async (written) => {
        using tree = createHostTree();
        for (const [path, content] of written) tree.write(path, content);
        const outcome = await runOn(openHost(tree.path), { listgroups: true }, createRunContext<Elements>());
        expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
      },
    ),
    { numRuns: 20 },
  );
});
