import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, messageOf } from '../../base/app-error.ts';
import type { Log } from '../../base/log.ts';

/** Who an agent is, for as long as its state folder is there: made once, at random. */
export interface AgentIdentity {
  readonly id: string;
}

const fileName = 'identity.json';
/** Shorter than this is no id of ours: guessable, or cut off. */
const schema = z.object({
  id: z.string().regex(/^[0-9a-z]{24,100}$/),
  /** A fingerprint of machine-id(5); absent where the host had none. */
  machine: z.string().max(128).optional(),
});
type IdentityFile = z.output<typeof schema>;

export interface ReadIdentityOptions {
  /** Exists, and is the agent's own. */
  readonly stateFolder: string;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Of this host; undefined where it has none. */
  readonly machineId?: string | undefined;
}

/**
 * The identity from the state folder, made there at the first start. A damaged one, and one that was made on another host (a copied disk: clones must not
 * share an id), is set aside and a new one made, with a warning. Throws ConfigError IDENTITY_UNUSABLE when it can be neither read nor made.
 */
export function readAgentIdentity(options: ReadIdentityOptions): AgentIdentity {
  const path = join(options.stateFolder, fileName);
  const machine = fingerprint(options.machineId);
  try {
    const found = readIdentityFile(path);
    const problem = found && findProblem(found, machine);
    if (found?.value && problem === undefined) return { id: found.value.id };
    if (problem !== undefined) {
      const aside = `${path}.${options.nowMs()}`;
      renameSync(path, aside);
      options.log.warn('the identity of this agent was set aside, it has a new one', { reason: problem, aside });
    }
    return makeIdentity(path, machine);
  } catch (cause) {
    throw new ConfigError('IDENTITY_UNUSABLE', `${path}: ${messageOf(cause)}`, { cause });
  }
}

/** The machine-id of this host (machine-id(5)); undefined where there is none. */
export function readMachineId(path = '/etc/machine-id'): string | undefined {
  try {
    return /^[0-9a-f]{32}$/.exec(readFileSync(path, 'utf8').trim())?.[0];
  } catch {
    // Containers, and systems without systemd or dbus, have none.
    return undefined;
  }
}

/** machine-id(5) asks that the id itself is kept to the host. */
function fingerprint(machineId: string | undefined): string | undefined {
  return machineId === undefined ? undefined : createHmac('sha256', machineId).update('gumshoe agent').digest('hex');
}

interface FoundFile {
  /** undefined = damaged. */
  readonly value: IdentityFile | undefined;
}

function readIdentityFile(path: string): FoundFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return { value: schema.parse(JSON.parse(text)) };
  } catch {
    // No JSON, or not what was written once: what was in it is kept beside.
    return { value: undefined };
  }
}

function findProblem({ value }: FoundFile, machine: string | undefined): string | undefined {
  if (!value) return 'it is damaged';
  const isOther = machine !== undefined && value.machine !== undefined && machine !== value.machine;
  return isOther ? 'it was made on another host: the machine-id differs' : undefined;
}

/** Whole or not at all, on disk before it is used; of two agents that make one at once, both have the first. */
function makeIdentity(path: string, machine: string | undefined): AgentIdentity {
  const value: IdentityFile = { id: randomId(), ...(machine === undefined ? {} : { machine }) };
  const draft = `${path}.${process.pid}.new`;
  rmSync(draft, { force: true });
  try {
    writeDraft(draft, `${JSON.stringify(value)}\n`);
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const first = readIdentityFile(path)?.value;
    if (!first) throw error;
    return { id: first.id };
  } finally {
    // A full disk leaves an empty one, which no later start would look for.
    rmSync(draft, { force: true });
  }
  syncFolder(join(path, '..'));
  return { id: value.id };
}

/** On disk when it returns. */
function writeDraft(path: string, text: string): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    const written = writeSync(descriptor, text);
    if (written < Buffer.byteLength(text)) throw new Error(`only ${written} bytes could be written`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** 155 bits of letters and digits, in lower case: it stands in targets and file names. */
function randomId(): string {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz';
  // Bytes beyond the largest multiple of 36 are passed over, so that every letter is as likely as the others.
  const usable = [...randomBytes(128)].filter((byte) => byte < 252);
  return usable
    .slice(0, 30)
    .map((byte) => letters[byte % 36])
    .join('');
}
