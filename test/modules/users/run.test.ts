import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Account, Elements } from '../../../modules/users/elements.ts';
import { openHost, type Host } from '../../../modules/users/host.ts';
import { users } from '../../../modules/users/index.ts';
import type { Params } from '../../../modules/users/params.ts';
import { runOn } from '../../../modules/users/run.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createHostTree, type HostTree } from '../../helpers/host-tree.ts';
import { keyText } from '../../helpers/key-text.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { loginRecord } from '../../src/linux/accounts/login-record.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const isRoot = process.geteuid?.() === 0;

/** A host with people, services and what goes wrong with them. Days in shadow: 20778 is 2026-11-21. */
function createHost(): HostTree {
  const tree = createHostTree();
  tree.write(
    '/etc/passwd',
    [
      'root:x:0:0:root:/root:/bin/bash',
      'daemon:x:1:1::/usr/sbin:/usr/sbin/nologin',
      'git:x:200:200::/srv/git:/bin/bash',
      'alice:x:1000:1000:Alice A.:/home/alice:/bin/bash',
      'bob:x:1001:1001::/home/bob:/bin/zsh',
      'toor::0:0::/root:/bin/sh',
      'twin:x:1000:1000::/home/missing:/opt/sh',
      'ghost:x:1005:1005::/home/ghost:/bin/bash',
    ].join('\n'),
  );
  tree.write(
    '/etc/shadow',
    [
      'root:$y$j9T$a$b:20000:0:99999:7:::',
      'daemon:*:20000:0:99999:7:::',
      'git:$6$a$b:20700:0:99999:7:::',
      'alice:$y$j9T$a$b:20770:0:90:7:::',
      'bob:!$1$a$b:20000:0:99999:7::20001:',
      'toor:!:20000::::::',
      'twin:$1$a$b:0::::::',
      'orphan:$y$j9T$a$b:20000::::::',
    ].join('\n'),
    { mode: 0o600 },
  );
  tree.write('/etc/group', 'root:x:0:\nsudo:x:27:alice\ndocker:x:999:bob,nobodyhere\nalice:x:1000:\nalso:x:999:\n');
  tree.write('/etc/gshadow', 'sudo:*::alice\ndocker:$6$a$b::\n', { mode: 0o600 });
  tree.write('/etc/shells', '/bin/sh\n/bin/bash\n');
  tree.write('/etc/login.defs', 'UID_MIN 1000\n');
  tree.write('/etc/sudoers', '%sudo ALL=(ALL:ALL) ALL\nbob ALL=NOPASSWD: ALL\ncarol ALL=/bin/x\n', { mode: 0o400 });
  for (const shell of ['/bin/sh', '/bin/bash', '/bin/zsh', '/usr/sbin/nologin']) tree.write(shell, '', { mode: 0o755 });
  tree.makeFolder('/root', { mode: 0o700 });
  tree.makeFolder('/home/alice', { mode: 0o750, uid: 1000 });
  tree.makeFolder('/home/bob', { mode: 0o777, uid: 1001 });
  tree.makeFolder('/home/ghost');
  tree.makeFolder('/srv/git', { uid: 200 });
  tree.write('/srv/git/.ssh/authorized_keys', `${keyText} a\n${keyText} b\n`, { uid: 200, mode: 0o666 });
  tree.write(
    '/var/log/wtmp',
    loginRecord({ user: 'alice', tty: 'pts/0', host: '192.0.2.7', timeMs: nowMs - 86_400_000 }),
  );
  tree.write('/var/log/btmp', loginRecord({ type: 6, user: 'bob', timeMs: nowMs }), { mode: 0o600 });
  return tree;
}

const hostOf = (tree: HostTree): Host => ({ ...openHost(tree.path), hostName: 'web1', architecture: 'x64' });

const search = (tree: HostTree, parameters: unknown = {}, context = createRunContext<Elements>()) =>
  runOn(hostOf(tree), validateParameters(users.params, parameters) as Params, {
    ...context,
    clock: { ...systemClock, nowMs: () => nowMs },
  });

const namesOf = async (tree: HostTree, parameters: unknown): Promise<readonly string[]> =>
  (await search(tree, parameters)).elements.accounts.map(({ user }) => user);

test('everything that is known of an account is told, and never a hash', async () => {
  using tree = createHost();
  const { elements, errors, statistics, foundAnything } = await search(tree, { names: ['^alice$'] });
  expect(elements).toEqual({
    accounts: [
      {
        user: 'alice',
        uid: 1000,
        gid: 1000,
        comment: 'Alice A.',
        home: '/home/alice',
        homestate: isRoot ? 'right' : 'of another owner',
        shell: '/bin/bash',
        shellstate: 'listed',
        groups: ['alice', 'sudo'],
        login: true,
        password: 'hashed',
        algorithm: 'yescrypt',
        changed: '2026-11-13',
        agedays: 8,
        passwordexpires: '2027-02-11',
        sudo: [
          {
            tool: 'sudo',
            file: '/etc/sudoers',
            line: 1,
            who: '%sudo',
            runas: 'ALL',
            commands: ['ALL'],
            nopasswd: false,
            root: true,
          },
        ],
        lastlogin: { time: '2026-11-20T12:00:00Z', from: '192.0.2.7', tty: 'pts/0', source: '/var/log/wtmp' },
        failedlogins: 0,
        keys: 0,
        notes: isRoot ? ['shares its user id with: twin'] : expect.any(Array),
      } satisfies Account,
    ],
  });
  expect({ errors, foundAnything, statistics }).toEqual({
    errors: [],
    foundAnything: true,
    statistics: { examined: 9, exectime: expect.stringMatching(/^[\d.]+(µs|ms|s)$/), totalhits: 1 },
  });
  expect(JSON.stringify(elements)).not.toContain('$y$');
});

test.runIf(isRoot)('what is unusual or weak is noted with its reason', async () => {
  using tree = createHost();
  const { elements } = await search(tree);
  expect(Object.fromEntries(elements.accounts.map(({ user, notes }) => [user, notes]))).toEqual({
    root: ['shares its user id with: toor'],
    daemon: [],
    git: [
      'is a system account with a shell and a password',
      'is a system account with a shell and keys that let it in',
      'another account can change its keys: /srv/git/.ssh/authorized_keys',
    ],
    alice: ['shares its user id with: twin'],
    bob: [
      'its shell is not in /etc/shells',
      'may run everything as root without a password (sudo, /etc/sudoers line 2)',
      'is in docker, which amounts to root',
    ],
    toor: ['is root by its user id 0', 'shares its user id with: root', 'has an empty password'],
    twin: [
      'shares its user id with: alice',
      'its password is hashed with md5crypt, which is weak',
      'must change its password at the next login',
      'its shell does not exist',
    ],
    ghost: ['stands in passwd but not in shadow'],
    orphan: ['stands in shadow but not in passwd'],
  });
  expect(elements.unboundrules).toEqual([
    {
      tool: 'sudo',
      file: '/etc/sudoers',
      line: 3,
      who: 'carol',
      runas: 'root',
      commands: ['/bin/x'],
      nopasswd: false,
      root: true,
    },
  ]);
});

test.runIf(isRoot)('files that others can change, or read, are noted', async () => {
  using tree = createHost();
  tree.write('/etc/passwd', 'root:x:0:0::/root:/bin/sh\n', { mode: 0o666 });
  tree.write('/etc/shadow', '', { mode: 0o644 });
  expect((await search(tree)).elements.notes).toEqual([
    '/etc/passwd can be changed by others than root',
    '/etc/shadow can be read by everybody',
  ]);
});

test.each<[unknown, readonly string[]]>([
  [{ names: ['^a', '^b'] }, ['alice', 'bob']],
  [{ names: ['o', '!^root$', '!^g'] }, ['daemon', 'bob', 'toor', 'orphan']],
  [{ groups: ['^docker$'] }, ['bob']],
  [{ groups: ['!.'] }, ['orphan']],
  [{ shells: ['zsh$'] }, ['bob']],
  [{ uids: ['0'] }, ['root', 'toor']],
  [{ uids: ['<1000', '1005'] }, ['root', 'daemon', 'git', 'toor', 'ghost']],
  [{ uids: [1001] }, ['bob']],
  [{ uids: ['>1000'] }, ['bob', 'ghost']],
  [{ sudo: true }, ['root', 'alice', 'bob', 'toor']],
  [{ login: true }, ['root', 'git', 'alice', 'toor']],
  [{ changed: '<30d' }, ['alice']],
  [{ changed: '>1y' }, ['root', 'daemon', 'bob', 'toor', 'orphan']],
  [{ lastlogin: '<7d' }, ['alice']],
  [{ lastlogin: '>7d', uids: ['>999'] }, ['bob', 'twin', 'ghost']],
  [{ suspicious: true, groups: ['^docker$'] }, ['bob']],
  [{ names: ['nobody'] }, []],
])('%j finds %j', async (parameters, expected) => {
  using tree = createHost();
  expect(await namesOf(tree, parameters)).toEqual(expected);
});

test('a rule that asks for the password of root makes nobody root', async () => {
  using tree = createHost();
  tree.write('/etc/sudoers', 'Defaults targetpw\nALL ALL=(ALL) ALL\nbob ALL=NOPASSWD: /bin/x\n');
  expect(await namesOf(tree, { sudo: true, uids: ['>0'] })).toEqual(['bob']);
  const { elements } = await search(tree, { names: ['^alice$'] });
  expect(elements.accounts[0]?.sudo).toMatchObject([{ line: 2, targetpassword: true, root: true }]);
});

test('groups are listed when asked for, with what is unusual about them', async () => {
  using tree = createHost();
  const { elements } = await search(tree, { listgroups: true, groups: ['^(docker|sudo)$'] });
  expect(elements.groups).toEqual([
    { group: 'sudo', gid: 27, members: ['alice'], notes: [] },
    {
      group: 'docker',
      gid: 999,
      members: ['bob', 'nobodyhere'],
      notes: [
        'has members that are no accounts: nobodyhere',
        'shares its id with another group',
        'has a password, with which others can join it',
      ],
    },
  ]);
});

test('without root what cannot be read is said, and nothing is guessed', async () => {
  using tree = createHost();
  const context = createRunContext<Elements>();
  const host = hostOf(tree);
  const { elements, errors } = await withoutRoot(() => runOn(host, { names: ['^(alice|root)$'] }, context));
  expect(
    elements.accounts.map(({ user, password, login, sudo, lastlogin }) => [
      user,
      password,
      login,
      sudo,
      lastlogin?.tty,
    ]),
  ).toEqual([
    ['root', 'unknown', null, [], undefined],
    ['alice', 'unknown', null, [], 'pts/0'],
  ]);
  expect(elements.accounts.some((account) => 'failedlogins' in account || 'algorithm' in account)).toBe(false);
  if (isRoot) expect(errors.join()).toMatch(/could not be read, permission denied: .*\/etc\/shadow/);
});

test.runIf(isRoot)(
  'keys in a home that may not be searched are not known, for every account of that home',
  async () => {
    using tree = createHost();
    tree.write('/root/.ssh/authorized_keys', `${keyText}\n`, { mode: 0o600 });
    const context = createRunContext<Elements>();
    const host = hostOf(tree);
    const { elements, errors } = await withoutRoot(() => runOn(host, { names: ['^(root|toor|alice)$'] }, context));
    expect(elements.accounts.map(({ user, keys }) => [user, keys])).toEqual([
      ['root', undefined],
      ['alice', undefined],
      ['toor', undefined],
    ]);
    expect(errors.join()).toContain('/root, /home/alice');
  },
);

test.each([
  ['a Match block for the account', 'Match User alice\n  AuthorizedKeysFile /etc/keys\n'],
  [
    'a Match block for a group of it',
    'AuthorizedKeysFile none\nMatch Group sudo\nAuthorizedKeysFile /etc/%u /etc/keys\n',
  ],
  ['a Match block for some connections', 'Match Address 192.0.2.7\nAuthorizedKeysFile "/etc/hidden keys"\n'],
  ['an included file', 'Include extra/*.conf\n'],
  ['a path in quotes', 'AuthorizedKeysFile "/etc/hidden keys"\n'],
])('keys are counted where sshd looks for them: %s', async (_, config) => {
  using tree = createHost();
  tree.write('/etc/ssh/sshd_config', config);
  tree.write('/etc/ssh/extra/a.conf', 'AuthorizedKeysFile "/etc/hidden keys" "/etc/hidden keys"\n');
  for (const path of ['/etc/hidden keys', '/etc/keys']) tree.write(path, `${keyText}\n`);
  const { elements, errors } = await search(tree, { names: ['^alice$'] });
  expect([elements.accounts.map(({ keys }) => keys), errors]).toEqual([[1], []]);
});

test('who can log in is not known without root, and passes the filter as a yes', async () => {
  using tree = createHost();
  const context = createRunContext<Elements>();
  const host = hostOf(tree);
  const { elements } = await withoutRoot(() => runOn(host, { login: true, uids: ['<1000'] }, context));
  // An empty password in passwd is known to everybody.
  expect(elements.accounts.map(({ user, login }) => [user, login])).toEqual([
    ['root', isRoot ? null : true],
    ['git', isRoot ? null : true],
    ['toor', true],
  ]);
});

test.each([
  ['20678:0:30:7:5::', { login: false, inactivesince: '2026-09-17' }],
  ['20678:0:30:7:::', { login: true, passwordexpires: '2026-09-12' }],
  ['20678:0:90:7:10::', { login: false, inactivesince: '2026-11-21' }],
  ['20678:0:90:7:11::', { login: true }],
  ['20678:0::7:5::', { login: true }],
  ['0:0:30:7:5::', { login: true }],
  [':0:30:7:5::', { login: true }],
])('an account whose shadow line says %s', async (days, expected) => {
  using tree = createHost();
  tree.write('/etc/passwd', 'a:x:1000:1000::/home/alice:/bin/bash\n');
  tree.write('/etc/shadow', `a:$y$j9T$a$b:${days}\n`, { mode: 0o600 });
  const { inactivesince, ...account } = (await search(tree)).elements.accounts[0] ?? {};
  expect({ ...account, ...(inactivesince === undefined ? {} : { inactivesince }) }).toMatchObject(expected);
  expect(inactivesince).toBe('inactivesince' in expected ? expected.inactivesince : undefined);
});

test.runIf(isRoot)('files and folders of rules that others can change are noted', async () => {
  using tree = createHost();
  tree.write('/etc/sudoers', '@includedir /etc/sudoers.d\n@include /etc/more\n', { mode: 0o440 });
  tree.makeFolder('/etc/sudoers.d', { mode: 0o777 });
  tree.write('/etc/sudoers.d/a', '', { mode: 0o666 });
  tree.write('/etc/sudoers.d/b', '', { mode: 0o440, uid: 65_534 });
  tree.write('/etc/sudoers.d/c', '', { mode: 0o440 });
  tree.write('/etc/more', '', { mode: 0o666 });
  tree.write('/etc/doas.d/x.conf', '', { mode: 0o666 });
  expect((await search(tree)).elements.notes).toEqual(
    ['/etc/sudoers.d', '/etc/sudoers.d/a', '/etc/sudoers.d/b', '/etc/more', '/etc/doas.d/x.conf'].map(
      (path) => `${path} can be changed by others than root`,
    ),
  );
});

test('a password hash in /etc/group is noted, with the group and among the files', async () => {
  using tree = createHost();
  tree.write('/etc/group', 'root:x:0:\npwg:$1$x$y:5000:\nlocked:!:5001:\n');
  const { elements } = await search(tree, { listgroups: true });
  expect(elements.groups?.map(({ notes }) => notes)).toEqual([
    [],
    [
      'its password hash stands in /etc/group, which everybody can read',
      'has a password, with which others can join it',
    ],
    [],
  ]);
  expect(elements.notes).toContain('/etc/group, which everybody can read, has passwords of: pwg');
});

test('only some commands of a rule need a password: that is no right to everything', async () => {
  using tree = createHost();
  tree.write('/etc/sudoers', 'alice ALL=NOPASSWD: /bin/x, PASSWD: ALL\n');
  const [account] = (await search(tree, { names: ['^alice$'] })).elements.accounts;
  expect(account?.sudo).toMatchObject([{ commands: ['/bin/x', 'ALL'], nopasswd: true, passwdfor: ['ALL'] }]);
  expect(account?.notes.join()).not.toContain('without a password');
});

test('lines of NIS and lines that are not understood are told with their numbers', async () => {
  using tree = createHost();
  tree.write('/etc/passwd', 'root:x:0:0::/root:/bin/sh\n+::::::\nbroken\n-bob::::::\n');
  const { errors } = await search(tree, { names: ['root'] });
  expect(errors).toEqual([
    '1 line or record was left out, not understood or too many: /etc/passwd (line 3)',
    '/etc/passwd lines 2, 4 of NIS ("+" or "-"): accounts of the network are not asked for',
  ]);
});

test('directories that are not asked are named', async () => {
  using tree = createHost();
  tree.write('/etc/nsswitch.conf', 'passwd: files systemd sss ldap # nis\nsudoers: files sss\ngroup: files\n');
  expect((await search(tree, { names: ['root'] })).errors).toEqual([
    'passwd of sss, ldap (nsswitch.conf) are not asked for, only the files of this host',
    'sudoers of sss (nsswitch.conf) are not asked for, only the files of this host',
  ]);
});

test('without a list of shells none is missing from it', async () => {
  using tree = createHostTree();
  tree.write('/etc/passwd', 'a:x:1000:1000::/:/bin/ash\n');
  tree.write('/bin/ash', '', { mode: 0o755 });
  expect((await search(tree)).elements.accounts[0]).toMatchObject({ shellstate: 'listed' });
});

test('a host without any of the files gives an answer that says so', async () => {
  using tree = createHostTree();
  const { elements, foundAnything, errors } = await search(tree);
  expect({ elements, foundAnything }).toEqual({ elements: { accounts: [] }, foundAnything: false });
  expect(errors).toEqual(['/etc/passwd is missing or could not be read: accounts are not known']);
});

test('a stop ends the run with what was found', async () => {
  using tree = createHost();
  const stop = new AbortController();
  stop.abort();
  const { elements, errors } = await search(tree, {}, createRunContext<Elements>(stop.signal));
  expect(elements.accounts).toEqual([]);
  expect(errors).toContain('stopped before every account was looked at');
});

test('the accounts of this host are those that getent knows of its files', async () => {
  const expected = execFileSync('getent', ['-s', 'files', 'passwd'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.split(':')[0]);
  const { elements } = await runOn(openHost(), {}, createRunContext<Elements>());
  expect(elements.accounts.filter(({ uid }) => uid !== undefined).map(({ user }) => user)).toEqual(expected);
});
