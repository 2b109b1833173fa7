/** Every module from its questions to its results, in a real pseudo-terminal with the shipped console and agent, a wrong answer corrected on the way. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modules } from '../../modules/index.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';
import { waitFor } from '../helpers/wait-for.ts';

const gumshoe = join(import.meta.dirname, '../../bin/gumshoe');
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gumshoe-guided-'));
});

async function openConsole(env: Readonly<Record<string, string>>): Promise<Terminal> {
  const terminal = openTerminal({
    command: gumshoe,
    env: { GUMSHOE_HOME: home, ...env },
    cwd: home,
    columns: 160,
    rows: 50,
  });
  await terminal.waitFor(/gumshoe>\ncase default · 1 of 1 agents online/);
  return terminal;
}
afterEach(() => rmSync(home, { recursive: true }));

type Wanted = string | RegExp;
/** What is typed ({home} = where console and agent were started), and what the screen shows then. */
type Step = readonly [typed: string, shown: Wanted];

interface Journey {
  /** From the first question to the one that asks whether the operation is to be added; one answer is refused. */
  readonly answers: readonly Step[];
  /** A file that lies where console and agent were started. */
  readonly file?: readonly [name: string, text: string];
  /** A line of the results. */
  readonly result: Wanted;
  /** Of all results, not of the matches alone. */
  readonly showAll?: true;
  /** With a daemon of its own beside the console: persistent modules run there. */
  readonly isPersistent?: true | 'examplepersist';
  /** The configuration of that daemon, where the module does not run without. */
  readonly config?: string;
}

const backspace = '\x7f';
const clear = '\x15';

/** Chooses a word of the menu of fields, gives it a wrong value, then a right one. */
const corrected = (word: string, wrong: string, refusal: Wanted, right: string): readonly Step[] => [
  [`${word}\r`, `${word}: `],
  [`${wrong}\r`, refusal],
  [`${clear}${right}\r`, /or done: $|or done: done|> done/],
];

const done: Step = ['\r', 'Add this operation?'];

const publicKey = `AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`;

const journeys: Readonly<Record<string, Journey>> = {
  agentdestroy: {
    answers: [
      ['1\r', '! expected'],
      [`${clear}4194304\r`, 'example: 0.1.0'],
      ['0.0.1\r', 'arrows move'],
      ['check\r', '(y/n)'],
      ['y\r', '> done'],
      done,
    ],
    result: /4194304/,
    showAll: true,
  },
  agentrestart: {
    answers: [...corrected('module', 'no module', '! expected the name of a module', 'examplepersist'), done],
    result: /^\S+ examplepersist restarted: pid \d+ -> \d+ in \d+ ms/m,
    isPersistent: 'examplepersist',
  },
  dispatch: {
    answers: [...corrected('failed', 'few', '! expected a whole number', '10'), done],
    result: /module dispatch is not running here/,
    showAll: true,
  },
  audit: {
    answers: [...corrected('recent', '1001', '! expected', '20'), done],
    // An agent that the console started by itself keeps no persistent modules.
    result: /module audit is not running here/,
    showAll: true,
  },
  example: {
    answers: [
      ['\r', 'A name to look up there'],
      ['bad name!\r', '! expected a host name such as www.example.net, got "bad name!"'],
      [`${clear}localhost\r`, 'no more): localhost'],
      ['\r', 'Add this operation?'],
    ],
    result: /^\S+ lookedup host localhost has IP (127\.0\.0\.1|::1)/m,
  },
  examplepersist: {
    answers: [
      ['\r', '! expected a value, got nothing'],
      ['hello there\r', 'Add this operation?'],
    ],
    result: /^\S+ echo string was "hello there"/m,
    isPersistent: true,
  },
  file: {
    answers: [
      ['s1\r', 'example: /etc'],
      ['/etc\r', 'arrows move'],
      ['name\r', 'example: ^passwd$'],
      ['^passwd(\r', '! expected a regular expression'],
      [`${backspace}$\r`, '> done'],
      ['\r', 'what next?'],
      ['\r', 'Add this operation?'],
    ],
    result: /^\S+ \/etc\/passwd \[lastmodified:.+ mode:-rw-r--r--, size:\d+\]/m,
  },
  fswatch: {
    answers: [...corrected('path', 'etc', '! expected an absolute path, got "etc"', '/etc/passwd'), done],
    result: /^\S+ \/etc\/passwd is a file, \d+ bytes, -rw-r--r-- 0:0, inode \d+$/m,
    isPersistent: true,
  },
  lineage: {
    answers: [
      ['process\r', 'Which process?'],
      ['init\r', '! expected the number of a process'],
      [`${clear}1\r`, 'Which relatives of it?'],
      ['ancestors\r', 'How many processes at most?'],
      ['\r', 'Add this operation?'],
    ],
    result: /^\S+ .* running +▸\S+ 1 \(root\)/m,
    isPersistent: true,
    config: 'persistent: { lineage: { enabled: true } }',
  },
  memory: {
    answers: [
      ['\r', 'arrows move'],
      ...corrected('name', '(', '! expected a regular expression', 'gumshoe-agent|node'),
      ['\r', 'what next?'],
      done,
    ],
    result: /node \[pid:\d+\] in search 's1'/,
  },
  netstat: {
    answers: [...corrected('localip', '127.0.0.300', '! expected', '127.0.0.0/8'), done],
    result: /^\S+ found local ip 127\.0\.0\.1 for netstat localip:'127\.0\.0\.0\/8'/m,
  },
  persistence: {
    answers: [
      ...corrected('kind', 'crontab', '! expected', 'cron'),
      ...corrected('path', '(', '! expected a regular expression', '^/etc/'),
      done,
    ],
    result: /operations: 1 (found|found nothing|nothing)/,
    showAll: true,
  },
  ping: {
    answers: [
      ['\r', '! expected a host name or an address'],
      ['127.0.0.1\r', 'By which protocol?'],
      ['udp\r', 'Which port?'],
      [`${clear}70000\r`, '! expected'],
      [`${clear}9\r`, 'How many attempts?'],
      [`${clear}1\r`, 'an answer take?'],
      [`${clear}0.2\r`, 'between two attempts?'],
      done,
    ],
    result: /udp ping of 127\.0\.0\.1:9 /,
    showAll: true,
  },
  pkg: {
    answers: [
      ['^dpkg(\r', '! expected a regular expression'],
      [`${clear}^dpkg$\r`, 'arrows move'],
      ...corrected('compare', '~ 1.0', '! expected', '> 1.0'),
      done,
    ],
    result: /pkgmatch name=dpkg version=\S+ type=dpkg/,
  },
  sshkey: {
    answers: [
      ...corrected('maxdepth', '1001', '! expected', '1'),
      ...corrected('path', '', '! expected a value', '{home}'),
      done,
    ],
    file: ['id.pub', `ssh-ed25519 ${publicKey} somebody@example`],
    result: /id\.pub \[public\] /,
  },
  process: {
    answers: [
      ...corrected('kind', 'thread', '! expected fork, exec, exit, gap', 'exec'),
      ...corrected('since', 'yesterday', '! expected a time or a duration', '1h'),
      done,
    ],
    result: /^\S+ .*exec \d+ of \d+: /m,
    isPersistent: true,
    config: 'persistent: { process: { enabled: true } }',
  },
  scribe: {
    answers: [
      ['path\r', 'path: '],
      ['broken.yaml\r', 'expected a text file, got broken.yaml'],
      [`${clear}policy.yaml\r`, 'arrows move'],
      done,
    ],
    file: [
      'policy.yaml',
      'objects: [{object: o, raw: {identifiers: [{identifier: i, value: x}]}}]\ntests: [{test: t, object: o}]',
    ],
    result: /master \[true\] name:"t" id:"t"/,
  },
  timedrift: {
    answers: [
      ['soon\r', '! expected a duration such as 5s'],
      [`${clear}5s\r`, 'An NTP server to ask'],
      ['bad server!\r', '! expected'],
      [`${clear}127.0.0.1\r`, 'Another NTP server'],
      ['\r', 'How many seconds'],
      [`${clear}0.2\r`, 'Add this operation?'],
    ],
    result: /local time is \d{4}-/,
    showAll: true,
  },
  users: {
    answers: [...corrected('uid', 'zero', '! expected', '0'), done],
    result: /^\S+ root: uid 0 /m,
  },
  yara: {
    answers: [
      ['rules\r', 'rules: '],
      ['broken.yar\r', 'expected a text file, got broken.yar'],
      [`${clear}rules.yar\r`, 'arrows move'],
      ...corrected('path', '', '! expected a value', '/etc/hostname'),
      done,
    ],
    file: ['rules.yar', 'rule nonempty { condition: filesize > 0 }'],
    result: /\/etc\/hostname \[nonempty\]/,
  },
};

async function isHealthy(daemon: TestDaemon, name: string): Promise<void> {
  await waitFor(
    `${name} to be healthy`,
    async () => new RegExp(`^${name} +healthy`, 'm').test((await daemon.ask('status')).stdout),
    60_000,
  );
}

test('there is a journey for every module', () => {
  expect(Object.keys(journeys).toSorted()).toEqual(modules.map(({ name }) => name).toSorted());
});

test.each(Object.entries(journeys))('%s is asked for, corrected, launched and read', async (name, journey) => {
  const config = join(home, 'agent.yaml');
  if (journey.config !== undefined) writeFileSync(config, journey.config);
  await using daemon = journey.isPersistent && (await startDaemon(journey.config === undefined ? {} : { config }));
  if (daemon) await isHealthy(daemon, journey.isPersistent === true ? name : 'examplepersist');
  if (journey.file) writeFileSync(join(home, journey.file[0]), journey.file[1]);
  const terminal = await openConsole(daemon ? daemon.env : {});
  try {
    await lead(terminal, name, journey);
  } finally {
    await terminal.close();
  }
});

async function lead(terminal: Terminal, name: string, journey: Journey): Promise<void> {
  await terminal.sendInputAndWaitFor('create action\r', 'launcher>');
  await terminal.sendInputAndWaitFor(`name about ${name}\r`, `draft 'about ${name}' (0)`);
  await terminal.sendInputAndWaitFor('target local\r', 'target local: 1 agent, 1 online');
  await terminal.sendInputAndWaitFor(`add ${name}\r`, /Ctrl-C leaves/);
  for (const [typed, shown] of journey.answers)
    await terminal.sendInputAndWaitFor(typed.replace('{home}', home), shown);
  await terminal.sendInputAndWaitFor('\r', `draft 'about ${name}' (1)`);
  await terminal.sendInputAndWaitFor('launch\r', 'Launch it? (y/n)');
  await terminal.sendInputAndWaitFor('y\r', 'action 1>');
  await terminal.sendInputAndWaitFor(journey.showAll ? 'results all\r' : 'results\r', journey.result);
}
