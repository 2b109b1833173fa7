/** From what was found to the process behind it: the shipped console and a daemon that keeps the lineage of this host. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openProcessStream } from '../../src/monitor/open-process-stream.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { startPlainConsole, type PlainConsole } from '../helpers/plain-console.ts';
import { runProgram } from '../helpers/run-program.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const limit = 120_000;

/** Why the kernel tells no process events here. */
async function findRefusal(): Promise<string | undefined> {
  const stream = openProcessStream({ onItems: () => undefined });
  try {
    await stream.start();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  await stream.stop();
  return undefined;
}

const refusal = await findRefusal();
const title = refusal === undefined ? '' : ` (left out: ${refusal})`;

async function untilHealthy(daemon: TestDaemon, ...modules: readonly string[]): Promise<void> {
  await waitFor(
    `${modules.join(' and ')} to be healthy`,
    async () => {
      const [answer] = await daemon.call('{"type":"status"}\n');
      const kept = answer?.type === 'status' ? (answer.agent.persistent ?? []) : [];
      return modules.every((name) => kept.some((one) => one.name === name && one.phase === 'healthy'));
    },
    60_000,
  );
}

function openConsole(daemon: TestDaemon, home = 'home'): PlainConsole {
  return startPlainConsole({ ...daemon.env, GUMSHOE_HOME: join(daemon.folder, home) });
}

/** Runs netstat for a port and waits for its end. */
async function ask(screen: PlainConsole, flags: string): Promise<void> {
  screen.type('create action', 'name e2e', 'target local', `add ${flags}`, 'launch', 'y');
  await screen.waitFor('action 1 has ended');
}

interface Listener extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  readonly shellPid: number;
}

/** A shell that runs a program which listens. */
async function startListener(): Promise<Listener> {
  const script = `const s = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port, process.pid)); process.stdin.resume().on('end', () => process.exit(4))`;
  const shell = spawn('/bin/sh', ['-c', `"$0" -e "$1" "two words"; exit 5`, process.execPath, script]);
  const [said] = (await once(shell.stdout, 'data')) as [Buffer];
  const [port = 0, pid = 0] = said.toString().trim().split(' ').map(Number);
  return {
    port,
    pid,
    shellPid: shell.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      const closed = once(shell, 'close');
      shell.stdin.end();
      await closed;
    },
  };
}

test.skipIf(refusal !== undefined)(
  `a socket leads to the process that holds it and to who started that, a file to the process that wrote it${title}`,
  { timeout: limit },
  async () => {
    using folder = createTemporaryFolder();
    const watched = join(folder.path, 'watched');
    const config = join(folder.path, 'agent.yaml');
    mkdirSync(watched);
    writeFileSync(
      config,
      `persistent: { lineage: { enabled: true, files: [${watched}] }, process: { enabled: true } }\n`,
    );
    await using daemon = await startDaemon({ config });
    await untilHealthy(daemon, 'lineage', 'process');

    await using listener = await startListener();
    await using screen = openConsole(daemon);
    await ask(screen, `netstat -lp ${listener.port}`);
    screen.type('pivot --launch', 'y');
    await screen.waitFor(`followed: node`);
    await screen.waitFor('action 2 has ended');
    screen.type('results');
    const tree = await screen.waitFor(new RegExp(`▸\\S+ ${listener.pid} .*two words`));
    // Its shell stands above it in the tree.
    expect(tree).toMatch(
      new RegExp(`running +└─~?sh\\S* ${listener.shellPid} [^\\n]*\\n[^\\n]*└─▸\\S+ ${listener.pid} `),
    );
    screen.type('results --format jsonl | grep above');
    await screen.waitFor(new RegExp(`"pid":${listener.shellPid},`));

    const writer = spawn('/bin/sh', ['-c', 'echo x > "$1"; sleep 1; exit 3', 'sh', join(watched, 'evil')]);
    await once(writer, 'exit');
    await using other = openConsole(daemon, 'home2');
    await ask(other, `file -path ${watched} -name evil`);
    other.type('pivot', 'launch', 'y');
    await other.waitFor('action 2 has ended');
    other.type('results');
    await other.waitFor(new RegExp(`▸\\S+ ${writer.pid} [^]*created.*evil`));
    // A busy host may tell the end of a process a little later than what it wrote.
    const env = { ...daemon.env, GUMSHOE_HOME: join(daemon.folder, 'home3') };
    await waitFor(
      'the end of who wrote it',
      async () => {
        const { stdout } = await runProgram('gumshoe', ['lineage', '-wrote', join(watched, 'evil')], { env });
        return new RegExp(`exit 3 +└─▸\\S+ ${writer.pid} `).test(stdout);
      },
      60_000,
    );
  },
);

test.skipIf(refusal !== undefined)(
  `what runs and how it ends is watched in plain words, and can be narrowed${title}`,
  { timeout: limit },
  async () => {
    using folder = createTemporaryFolder();
    const config = join(folder.path, 'agent.yaml');
    writeFileSync(config, `persistent: { process: { enabled: true, watchPerSecond: 5000 } }\n`);
    await using daemon = await startDaemon({ config });
    await untilHealthy(daemon, 'process');
    await using screen = openConsole(daemon);
    screen.type('watch process | grep -v nobody');
    await screen.waitFor('watching process on');
    // What happened before the agent heard of the watching is not told.
    const seen = await waitFor(
      'an exec and its exit',
      async () => {
        const child = spawn('/bin/sh', ['-c', 'sleep 0.3; exit 7', 'evil\u001B[2J\nname']);
        await once(child, 'exit');
        await screen.waitFor(new RegExp(`exit ${child.pid} .*: code 7 after \\d`), 2000).catch(() => undefined);
        return new RegExp(`Z {2}\\S+ {2}exec ${child.pid} of ${process.pid}: `).test(screen.text()) && screen.text();
      },
      60_000,
    );
    expect(seen).toContain('evil\\x1b[2J\\nname');
    expect(seen).not.toContain('\u001B');
    screen.interrupt();
  },
);

test(
  'an agent whose lineage is not enabled is told, with how it is, and the draft is kept',
  { timeout: limit },
  async () => {
    await using daemon = await startDaemon();
    await using listener = await startListener();
    await using screen = openConsole(daemon);
    await ask(screen, `netstat -lp ${listener.port} -processes=false`);
    screen.type('pivot');
    await screen.waitFor('the processes behind a socket were not asked for: -processes asks for them');
    await screen.waitFor('"pivot targets" makes a new action for the 1 agent that found something');
    screen.type('copy', 'edit 1 -processes', 'launch', 'y');
    await screen.waitFor('action 2 has ended');
    screen.type('pivot', 'show');
    await screen.waitFor(
      /its lineage is not enabled: "persistent: \{lineage: \{enabled: true\}\}" in its configuration/,
    );
    await screen.waitFor(new RegExp(`pid +${listener.pid}\n`));
  },
);
