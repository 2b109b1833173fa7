/** fswatch as the daemon of bin/ keeps it running: an alert for each change in a watched folder, also while the agent or the module was down, none twice. */
import { chmodSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asObject } from '../../src/base/as-object.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { createTemporaryFolder } from '../helpers/temporary-folder.ts';
import { waitFor } from '../helpers/wait-for.ts';

const slowMs = 60_000;
let folder: ReturnType<typeof createTemporaryFolder>;
let tree: string;
let daemon: TestDaemon;

beforeEach(async () => {
  folder = createTemporaryFolder();
  tree = join(folder.path, 'tree');
  mkdirSync(tree);
  for (const name of ['a', 'b', 'c']) writeFileSync(at(name), name);
  const config = join(folder.path, 'agent.yaml');
  const section = `{ paths: ["recursive:${tree}"], settleMs: 200, pollSeconds: 1 }`;
  writeFileSync(config, `persistent:\n  examplepersist: { enabled: false }\n  fswatch: ${section}\n`);
  chmodSync(config, 0o600);
  daemon = await startDaemon({ config });
  await collected();
}, slowMs);
afterEach(async () => {
  await daemon[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const at = (name: string): string => join(tree, name);
const sum = (text: string): string => createHash('sha256').update(text).digest('hex');
const stateFile = (...names: readonly string[]): string => join(daemon.folder, 'state', ...names);

function readRows(file: string, sql: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    return database.prepare(sql).all();
  } catch {
    // Not there yet, or being made.
    return [];
  }
}

/** The first checksums were taken. */
async function collected(): Promise<void> {
  const sql = 'SELECT sum(sha256 IS NULL) AS missing, count(*) AS count FROM objects';
  await waitFor(
    'the baseline',
    () =>
      readRows(stateFile('modules', 'fswatch', 'baseline.db'), sql).some(
        ({ missing, count }) => missing === 0 && Number(count) >= 4,
      ),
    slowMs,
  );
}

/** The texts of the alerts of fswatch that the agent has, without when they may have happened. */
function alerts(): readonly string[] {
  return readRows(stateFile('alerts.db'), "SELECT message FROM alerts WHERE module = 'fswatch' ORDER BY n").map(
    ({ message }) =>
      String(asObject(JSON.parse(String(message)))?.['alert']).replace(
        / \(between \S+Z and \S+Z, while nothing was watched\)$/,
        '',
      ),
  );
}

async function told(count: number): Promise<readonly string[]> {
  await waitFor(`${count} alerts, not ${JSON.stringify(alerts())}`, () => alerts().length >= count, slowMs);
  return alerts().toSorted();
}

async function modulePid(): Promise<number> {
  return waitFor(
    'the module to run',
    async () => {
      const { stdout } = await daemon.ask('status', '--json');
      const [, pid] = /"name":\s*"fswatch"[^}]*?"pid":\s*(\d+)/.exec(stdout) ?? [];
      return pid === undefined ? undefined : Number(pid);
    },
    slowMs,
  );
}

/** What is done to the tree, and the alerts of it. */
function changeTree(
  suffix: string,
  from: { readonly changed: string; readonly text: string; readonly renamed: string; readonly removed: string },
): readonly string[] {
  writeFileSync(at(from.changed), `changed ${suffix}`);
  writeFileSync(at(`new ${suffix}`), suffix);
  renameSync(at(from.renamed), at(`renamed ${suffix}`));
  unlinkSync(at(from.removed));
  return [
    `${at(from.changed)} signature changed ${sum(from.text)} -> ${sum(`changed ${suffix}`)}`,
    `path ${at(`new ${suffix}`)} created, signature ${sum(suffix)}`,
    `path ${at(from.renamed)} renamed -> ${at(`renamed ${suffix}`)}`,
    `path ${at(from.removed)} removed`,
  ];
}

test('change, create, rename and remove are told while it runs, while the agent is down and after each was killed, none twice', async () => {
  const expected = [...changeTree('running', { changed: 'a', text: 'a', renamed: 'b', removed: 'c' })];
  expect(await told(4)).toEqual(expected.toSorted());

  daemon.process.kill('SIGTERM');
  await daemon.ended();
  expected.push(
    ...changeTree('down', {
      changed: 'a',
      text: 'changed running',
      renamed: 'renamed running',
      removed: 'new running',
    }),
  );
  await daemon.start();
  expect(await told(8)).toEqual(expected.toSorted());

  const orphan = await modulePid();
  daemon.process.kill('SIGKILL');
  await daemon.ended();
  await waitFor('the module to end with its agent', () => !isRunning(orphan), slowMs);
  expected.push(
    ...changeTree('killed', { changed: 'a', text: 'changed down', renamed: 'renamed down', removed: 'new down' }),
  );
  await daemon.start();
  expect(await told(12)).toEqual(expected.toSorted());

  process.kill(await modulePid(), 'SIGKILL');
  // The agent's own word about it.
  expected.push('module fswatch: it was ended by SIGKILL');
  expected.push(
    ...changeTree('again', { changed: 'a', text: 'changed killed', renamed: 'renamed killed', removed: 'new killed' }),
  );
  expect(await told(17)).toEqual(expected.toSorted());

  // One more, so that anything told twice would stand before it.
  writeFileSync(at('last'), 'last');
  expected.push(`path ${at('last')} created, signature ${sum('last')}`);
  expect(await told(18)).toEqual(expected.toSorted());
}, 240_000);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
