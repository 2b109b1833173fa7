/** Restarts of one module through the desk, with the real supervision and modules in sh, which start in a few milliseconds. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostClock } from '../../../../src/base/host-clock.ts';
import { silentLog } from '../../../../src/base/log.ts';
import { createPersistentModules } from '../../../../src/agent/persistent/create-persistent-modules.ts';
import { openAlertSpool } from '../../../../src/agent/persistent/open-alert-spool.ts';
import type { PersistentModules } from '../../../../src/agent/persistent/persistent-modules.ts';
import { openRestartDesk } from '../../../../src/agent/restart/open-restart-desk.ts';
import type { RestartDesk } from '../../../../src/agent/restart/restart-desk.ts';
import { openRestartRecords } from '../../../../src/agent/restart/restart-records.ts';
import type { RestartOutcome } from '../../../../src/protocol/restart-outcome.ts';
import { examplepersist } from '../../../../modules/examplepersist/index.ts';
import { sayReady, writeFakeModule, type FakeModule } from '../../../helpers/fake-persistent.ts';
import { listProcesses } from '../../../helpers/open-restart-agent.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const other = { ...examplepersist, name: 'otherpersist' };
const long = 120_000;

interface Opened extends AsyncDisposable {
  readonly folder: string;
  readonly modules: PersistentModules;
  readonly desk: RestartDesk;
  readonly logged: readonly string[];
  /** What the other module has said in its log. */
  readonly otherSaid: readonly string[];
  readonly restart: (timeoutMs?: number) => Promise<RestartOutcome>;
}

/** An agent's desk and two modules, each of them this program. */
async function open(write: (folder: string) => FakeModule): Promise<Opened> {
  const temporary = createTemporaryFolder();
  const folder = temporary.path;
  const logged: string[] = [];
  const otherSaid: string[] = [];
  const note = (message: string, values: unknown): void => void logged.push(`${message} ${JSON.stringify(values)}`);
  const log = { info: note, warn: note, error: note };
  const alerts = openAlertSpool({ path: join(folder, 'alerts.db'), clock: hostClock, log: silentLog });
  const modules = createPersistentModules({
    program: { command: writeFakeModule(folder, write(folder)), args: [] },
    modules: [
      { module: examplepersist, config: { interval: 30 } },
      { module: other, config: { interval: 30 } },
    ],
    runFolder: folder,
    stateFolder: folder,
    agentId: folder,
    host: { hostname: 'h', environment: {}, tags: {} },
    clock: hostClock,
    log,
    alerts,
  });
  modules.onEvent(({ module, kind, text }) => {
    if (module === other.name && kind === 'log') otherSaid.push(text);
  });
  const recordsPath = join(folder, 'restarts.db');
  const desk = openRestartDesk({
    program: { command: '/nonexistent', args: [] },
    records: openRestartRecords({ path: recordsPath, clock: hostClock, log: silentLog }),
    recordsPath,
    modules,
    linksOpen: () => 0,
    onLink: () => () => {},
    kept: () => [],
    config: { maxInWindow: 1000, windowMs: 600_000 },
    log,
    logPath: undefined,
  });
  await modules.start();
  await waitFor('health', () => modules.states().every(({ phase }) => phase === 'healthy' || phase === 'disabled'));
  let count = 0;
  return {
    folder,
    modules,
    desk,
    logged,
    otherSaid,
    restart: async (timeoutMs = 10_000) => {
      const request = {
        id: `r${count++}`,
        module: examplepersist.name,
        timeoutMs,
        requester: 'alice',
        source: 'control' as const,
      };
      return (await desk.request(request, { onInProgress: async () => {} })).result.elements as RestartOutcome;
    },
    [Symbol.asyncDispose]: async () => {
      await modules.stop({ prepareMs: 100, stopMs: 100 });
      desk.close();
      alerts.close();
      temporary[Symbol.dispose]();
    },
  };
}

const pidOf = ({ modules }: Opened, name: string) => modules.states().find((one) => one.name === name)?.pid;

test(
  'A17: one restarted a hundred times under load: the other stays, and nothing of what it says is lost',
  { timeout: long },
  async () => {
    const ticks = `( i=0; while :; do i=$((i+1)); echo '{"class":"log","parameters":{"message":"tick '$i'"}}'; sleep 0.01; done ) &`;
    await using opened = await open(() => ({ first: ticks }));
    const load = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    const pid = pidOf(opened, other.name);
    const ends: RestartOutcome[] = [];
    for (let time = 0; time < 100; time++) ends.push(await opened.restart());
    load.kill('SIGKILL');
    expect(ends.filter(({ state }) => state !== 'success')).toEqual([]);
    expect(new Set(ends.map(({ newpid }) => newpid)).size).toBe(100);
    expect(pidOf(opened, other.name)).toBe(pid);
    const said = [...opened.otherSaid].map((text) => Number(/tick (\d+)/.exec(text)?.[1]));
    expect(said.length).toBeGreaterThan(100);
    expect(said).toEqual(said.map((_, index) => (said[0] ?? 0) + index));
  },
);

test(
  'A18: a module saves 10,000 items before it says that it is ready, and has them afterwards',
  { timeout: long },
  async () => {
    await using opened = await open((folder) => ({ prepare: `seq 10000 > ${folder}/items; ${sayReady}` }));
    expect((await opened.restart()).state).toBe('success');
    expect(readFileSync(join(opened.folder, 'items'), 'utf8').trim().split('\n')).toHaveLength(10_000);
  },
);

test(
  'A18: one that never says so is stopped after 5 s all the same, and the log names it',
  { timeout: long },
  async () => {
    await using opened = await open(() => ({ prepare: ':' }));
    const end = await opened.restart();
    expect(end.state).toBe('success');
    expect(end.durationms).toBeGreaterThanOrEqual(5000);
    expect(end.durationms).toBeLessThan(9000);
    expect(opened.logged.filter((line) => /ready/.test(line) && line.includes(examplepersist.name))).not.toEqual([]);
  },
);

test('A19: of a module with children and grandchildren nobody survives its restart', { timeout: long }, async () => {
  const family = `sh -c 'sleep 7654321 & sh -c "sleep 7654321 & sleep 7654321" & setsid sleep 7654321 & wait' &`;
  await using opened = await open(() => ({ first: family }));
  const sleepers = (): readonly number[] =>
    listProcesses()
      .filter(({ words }) => words[1] === '7654321')
      .map(({ pid }) => pid);
  await waitFor('both families', () => sleepers().length === 8);
  const before = sleepers();
  expect((await opened.restart()).state).toBe('success');
  await waitFor('both families', () => sleepers().length === 8);
  expect(sleepers().filter((pid) => before.includes(pid))).toHaveLength(4);
  await opened.modules.stop({ prepareMs: 100, stopMs: 1000 });
  expect(sleepers()).toEqual([]);
});

test('A20: one that does not start again is degraded, by name, with the reason', { timeout: long }, async () => {
  await using opened = await open((folder) => ({
    first: `case "$*" in *examplepersist*) [ -e ${folder}/broken ] && exit 3;; esac`,
  }));
  writeFileSync(join(opened.folder, 'broken'), '');
  const end = await opened.restart();
  expect(end).toMatchObject({ state: 'degraded', module: 'examplepersist' });
  expect(end.reason).toMatch(/^examplepersist: .*3/);
});

test('A stop that is ignored is forced', { timeout: long }, async () => {
  await using opened = await open(() => ({ first: "trap '' TERM", stop: ':' }));
  expect(await opened.restart(1000)).toMatchObject({ state: 'success', forced: true });
});
