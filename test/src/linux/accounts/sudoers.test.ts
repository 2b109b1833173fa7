import { describe, expect, test } from 'vitest';
import { createSudoRules } from '../../../../src/linux/accounts/find-sudo-rights.ts';
import type { SudoSubject } from '../../../../src/linux/accounts/index-sudo-rules.ts';
import { parseDoas } from '../../../../src/linux/accounts/parse-doas.ts';
import { parseSudoers } from '../../../../src/linux/accounts/parse-sudoers.ts';
import { readSudoers } from '../../../../src/linux/accounts/read-sudoers.ts';
import { createHostTree } from '../../../helpers/host-tree.ts';

const alice: SudoSubject = { name: 'alice', uid: 1000, groups: [{ name: 'staff', gid: 50 }] };

/** The rights of alice by a sudoers text, each as "as COMMANDS". */
function rightsOf(text: string, subject = alice): readonly string[] {
  using tree = createHostTree();
  tree.write('/etc/sudoers', text);
  return createSudoRules(readSudoers(tree.files, 'web1.example.org'), 'web1.example.org')
    .rightsOf(subject)
    .map(({ runAs, commands, withoutPassword, targetPassword, asRoot, all, line }) =>
      [
        line,
        runAs,
        commands.join('|'),
        withoutPassword && 'free',
        targetPassword && 'target',
        asRoot && 'root',
        all && 'all',
      ]
        .filter(Boolean)
        .join(' '),
    );
}

describe('a statement', () => {
  test('of a rule has users, hosts and commands with what holds for each', () => {
    expect(
      parseSudoers('alice, %wheel  ALL = (root : adm) NOPASSWD: /bin/a x\\, y, PASSWD: SETENV: !/bin/b, (bob) ALL')
        .statements,
    ).toEqual([
      {
        kind: 'rule',
        line: 1,
        users: ['alice', '%wheel'],
        hosts: ['ALL'],
        commands: [
          { command: '/bin/a x\\, y', runAsUsers: ['root'], runAsGroups: ['adm'], tags: ['NOPASSWD'] },
          { command: '!/bin/b', runAsUsers: ['root'], runAsGroups: ['adm'], tags: ['PASSWD', 'SETENV'] },
          { command: 'ALL', runAsUsers: ['bob'], runAsGroups: undefined, tags: ['PASSWD', 'SETENV'] },
        ],
      },
    ]);
  });

  test('may continue on the next lines and end in a comment, and ids are no comments', () => {
    const { statements, unparsed } = parseSudoers(
      '# x\n#1000,%#27 ALL=\\\n  ALL # all\n#include /etc/more\n@includedir /etc/d\n',
    );
    expect(unparsed.count).toBe(0);
    expect(statements).toMatchObject([
      { kind: 'rule', line: 2, users: ['#1000', '%#27'] },
      { kind: 'include', line: 4, path: '/etc/more', isFolder: false },
      { kind: 'include', line: 5, path: '/etc/d', isFolder: true },
    ]);
  });

  test('of one line may grant several hosts their own commands', () => {
    expect(parseSudoers('alice a = /bin/x : b,c = NOPASSWD: sha256:abc= /bin/y').statements).toMatchObject([
      { hosts: ['a'], commands: [{ command: '/bin/x' }] },
      { hosts: ['b', 'c'], commands: [{ command: '/bin/y', tags: ['NOPASSWD'] }] },
    ]);
  });

  test('defines aliases, several at once, and defaults with their scope', () => {
    expect(
      parseSudoers('User_Alias A = x, !y : B = z\nDefaults:alice !authenticate, env_reset').statements,
    ).toMatchObject([
      { kind: 'alias', type: 'User_Alias', name: 'A', members: ['x', '!y'] },
      { kind: 'alias', name: 'B', members: ['z'] },
      { kind: 'defaults', scope: ':alice', settings: ['!authenticate', 'env_reset'] },
    ]);
  });

  test('that is not understood is counted', () => {
    expect(parseSudoers('alice\nalice ALL\nalice ALL=(root\nalice ALL=\n')).toMatchObject({
      statements: [],
      unparsed: { count: 4, lines: [1, 2, 3, 4] },
    });
  });

  test('with a regular expression keeps its commas', () => {
    expect(parseSudoers('alice ALL = ^/bin/(a|b),c$ ^x$, /bin/d').statements).toMatchObject([
      { commands: [{ command: '^/bin/(a|b),c$ ^x$' }, { command: '/bin/d' }] },
    ]);
  });
});

describe('rights', () => {
  test.each([
    ['alice ALL=(ALL:ALL) ALL', ['1 ALL ALL root all']],
    ['%staff ALL=NOPASSWD: /bin/x', ['1 root /bin/x free root']],
    ['%#50 ALL=(postgres) ALL', ['1 postgres ALL all']],
    ['#1000 ALL=ALL', ['1 root ALL root all']],
    ['bob ALL=ALL', []],
    ['ALL, !alice ALL=ALL', []],
    ['!alice, ALL ALL=ALL', ['1 root ALL root all']],
    ['User_Alias A = B\nUser_Alias B = %staff\nA ALL=ALL', ['3 root ALL root all']],
    ['User_Alias A = A\nA ALL=ALL', []],
    ['Host_Alias H = db*, web1\nalice H=ALL', ['2 root ALL root all']],
    ['alice db1=ALL', []],
    ['alice *.example.org=ALL', ['1 root ALL root all']],
    ['alice ALL, !w?b*=ALL', []],
    ['alice WEB1.example.org=ALL', ['1 root ALL root all']],
    ['alice 10.0.0.0/8=ALL', ['1 root ALL root all']],
    ['Runas_Alias R = root, bob\nalice ALL=(R) ALL', ['2 R ALL root all']],
    ['alice ALL=(ALL, !root) ALL', ['1 ALL, !root ALL all']],
    ['Cmnd_Alias C = /bin/x\nalice ALL=C', ['2 root C root']],
    ['Defaults runas_default=bob\nalice ALL=ALL', ['2 bob ALL all']],
    ['Defaults:alice !authenticate\nalice ALL=ALL', ['2 root ALL free root all']],
    ['Defaults:bob !authenticate\nalice ALL=ALL', ['2 root ALL root all']],
    ['Defaults targetpw\nalice ALL=ALL', ['2 root ALL target root all']],
    ['Defaults targetpw\nDefaults:alice !targetpw\nalice ALL=ALL', ['3 root ALL root all']],
    ['alice ALL=(:adm) /bin/x', ['1 /bin/x']],
  ])('of %j', (text, expected) => {
    expect(rightsOf(text)).toEqual(expected);
  });

  test('of aliases that multiply at every step are found at once', () => {
    const aliases = Array.from({ length: 60 }, (_, at) => `User_Alias A${at} = A${at + 1}, A${at + 1}, A${at + 1}`);
    expect(rightsOf([...aliases, 'User_Alias A60 = alice', 'A0 ALL=ALL'].join('\n'))).toHaveLength(1);
  });

  test('of included files are told with file and line, and files that sudo skips are not read', () => {
    using tree = createHostTree();
    tree.write('/etc/sudoers', '@include %h.conf\n@includedir sudoers.d\n@include /etc/sudoers\n');
    tree.write('/etc/web1.conf', '\nalice ALL=/bin/one\n');
    tree.write('/etc/sudoers.d/two', 'alice ALL=/bin/two\nnonsense\n');
    tree.write('/etc/sudoers.d/three~', 'alice ALL=ALL\n');
    tree.write('/etc/sudoers.d/four.bak', 'alice ALL=ALL\n');
    const rules = createSudoRules(readSudoers(tree.files, 'web1'), 'web1');
    expect(rules.unused()).toHaveLength(2);
    expect(rules.rightsOf(alice).map(({ file, line, commands }) => [file, line, commands])).toEqual([
      ['/etc/web1.conf', 2, ['/bin/one']],
      ['/etc/sudoers.d/two', 1, ['/bin/two']],
    ]);
    expect(rules.unused()).toEqual([]);
    expect(tree.files.problems.list()).toEqual([
      '1 line or record was left out, not understood or too many: /etc/sudoers.d/two (line 2)',
    ]);
  });
});

test('a tag of a command has more to say than the defaults, and holds for those behind it', () => {
  using tree = createHostTree();
  tree.write(
    '/etc/sudoers',
    'Defaults !authenticate\nalice ALL=/bin/a, PASSWD: /bin/b, !/bin/c\nalice ALL=NOPASSWD: /bin/a, PASSWD: ALL\n',
  );
  const rights = createSudoRules(readSudoers(tree.files, 'web1'), 'web1').rightsOf(alice);
  expect(
    rights.map(({ withoutPassword, withPassword, all, allFree }) => [withoutPassword, withPassword, all, allFree]),
  ).toEqual([
    [true, ['/bin/b'], false, false],
    [true, ['ALL'], true, false],
  ]);
});

test('an included file that is missing is told with the line that names it; a missing folder is nothing to sudo', () => {
  using tree = createHostTree();
  tree.write('/etc/sudoers', '\n@include gone\n#includedir /etc/none.d\n@include here\n');
  tree.write('/etc/here', '');
  expect(readSudoers(tree.files, 'web1').paths).toEqual(['/etc/sudoers', '/etc/none.d', '/etc/here']);
  expect(tree.files.problems.list()).toEqual(['/etc/sudoers line 2 includes /etc/gone, which does not exist']);
});

test('doas: what is permitted, to whom and as whom', () => {
  const { rules, unparsed } = parseDoas(
    '# c\npermit nopass keepenv setenv { A B } :wheel\npermit alice as postgres cmd psql args -l\ndeny bob\nwhat\n',
    '/etc/doas.conf',
  );
  expect(unparsed).toMatchObject({ count: 1, lines: [5] });
  expect(
    rules.map(({ identity, right }) => [
      identity,
      right.runAs,
      right.commands,
      right.withoutPassword,
      right.asRoot,
      right.line,
    ]),
  ).toEqual([
    [':wheel', 'ALL', ['ALL'], true, true, 2],
    ['alice', 'postgres', ['psql -l'], false, false, 3],
  ]);
});
