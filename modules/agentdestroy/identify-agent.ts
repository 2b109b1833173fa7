/**
 * Which agent a process is, told from files and never by running them. What is not certain is refused: the process may have changed what it says of
 * itself, and files may have changed since it started.
 */
import { lstatSync, readFileSync, type BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../src/base/app-error.ts';
import { asObject } from '../../src/base/as-object.ts';
import { findScript, isNode, launcherName } from './find-script.ts';
import type { Host } from './host.ts';
import { readMigVersion } from './read-mig-version.ts';
import type { ProcessFacts } from './read-process.ts';
import { refuse } from './refusal.ts';

export interface AgentFacts {
  readonly version: string;
  /** What an upgrade removes: MIG's binary, or the launcher of gumshoe, never Node. Undefined where it is gone already. */
  readonly file: { readonly path: string; readonly stats: BigIntStats } | undefined;
}

/** Throws DESTROY_REFUSED where the process is no agent of this version. */
export function identifyAgent(host: Host, target: ProcessFacts, version: string): AgentFacts {
  if (isNode(target.executable)) return identifyGumshoe(host, target, version);
  if (basename(target.executable).startsWith('mig-agent')) return identifyMig(target, version);
  throw refuse(`process ${target.pid} runs ${target.executable}, which is no agent of gumshoe or MIG`);
}

function identifyGumshoe(host: Host, target: ProcessFacts, version: string): AgentFacts {
  const { pid } = target;
  const script = findScript(target.words, target.folder);
  if (!script || basename(script.path) !== launcherName)
    throw refuse(`process ${pid} runs Node, but not the launcher ${launcherName}`);
  const other = script.words.find((word) => ['-m', '-i', '-S', '-V', '-h'].includes(word));
  if (other !== undefined)
    throw refuse(`process ${pid} is no agent that serves: it was started with ${other}, and ends by itself`);
  const root = dirname(dirname(script.path));
  const files = [script.path, join(root, 'package.json'), join(root, 'dist/agent/main.mjs')];
  for (const file of files) checkAge(host, target, file);
  const found = readPackageVersion(files[1] ?? '');
  if (found !== version) throw refuse(`expected agent ${version}, process ${pid} is agent ${found}`);
  return { version, file: { path: script.path, stats: lstatSync(script.path, { bigint: true }) } };
}

/** The time of the host's start is told in whole seconds. */
const toleranceMs = 2000;
/** USER_HZ: what /proc counts in, on every architecture Node is built for. */
const ticksPerSecond = 100;

/** A file that changed after the process started may be of another version than the process. */
function checkAge(host: Host, { pid, startTicks }: ProcessFacts, file: string): void {
  const bootSeconds = /^btime (\d+)$/m.exec(readFileSync(join(host.procFolder, 'stat'), 'latin1'))?.[1];
  if (bootSeconds === undefined) throw refuse('the time at which this host started cannot be read');
  const startMs = (Number(bootSeconds) + startTicks / ticksPerSecond) * 1000;
  let changedMs: number;
  try {
    changedMs = lstatSync(file).ctimeMs;
  } catch (error) {
    throw refuse(`the version of process ${pid} cannot be told: ${messageOf(error)}`, error);
  }
  if (changedMs > startMs + toleranceMs)
    throw refuse(`the version of process ${pid} cannot be told: ${file} changed after the process started`);
}

const maxPackageBytes = 1024 * 1024;

function readPackageVersion(file: string): string {
  try {
    if (lstatSync(file).size > maxPackageBytes) throw refuse(`${file} is too large to be gumshoe's`);
    const content = asObject(JSON.parse(readFileSync(file, 'utf8')));
    const version = content?.['version'];
    if (content?.['name'] === 'gumshoe' && typeof version === 'string') return version;
  } catch (error) {
    throw refuse(`${file} does not tell a version: ${messageOf(error)}`, error);
  }
  throw refuse(`${file} is not that of gumshoe`);
}

function identifyMig(target: ProcessFacts, version: string): AgentFacts {
  const { pid, executable, folder } = target;
  // The link leads to what the process runs, whatever lies at its path by now.
  const { holdsVersion, stats } = readMigVersion(join(folder, 'exe'), version);
  if (!holdsVersion) throw refuse(`${executable} of process ${pid} is no agent of MIG with version ${version}`);
  return { version, file: target.isDeleted ? undefined : { path: executable, stats } };
}
