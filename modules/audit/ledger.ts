/** What this module changes in the kernel, on disk before it is changed: whoever comes after a kill takes back exactly that. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const settings = z.object({
  enabled: z.number().optional(),
  backlogLimit: z.number().optional(),
  backlogWaitTime: z.number().optional(),
});
/** Settings of the kernel's audit by name. */
export type Settings = z.output<typeof settings>;

const schema = z.object({
  /** The kernel forgets rules and settings when it starts. */
  bootId: z.string(),
  /** The key of our rules: nobody else's have it. */
  mark: z.string().regex(/^gumshoe-[0-9a-f]{8}$/),
  before: settings,
  set: settings,
  /** Rules of others when we began. */
  others: z.number(),
  /** struct audit_rule_data, base64. */
  rules: z.array(z.string()),
});
export type Changes = z.output<typeof schema>;

export interface Ledger {
  /** What an earlier life changed and did not take back; undefined after a clean stop, and when the host has started since. */
  readonly read: () => Changes | undefined;
  /** On disk for certain when it returns. */
  readonly write: (changes: Changes) => void;
  readonly clear: () => void;
}

export function createMark(): string {
  return `gumshoe-${randomBytes(4).toString('hex')}`;
}

export function openLedger(folder: string, bootId: string): Ledger {
  const path = join(folder, 'changes.json');
  return {
    read: () => {
      const changes = readChanges(path);
      return changes?.bootId === bootId ? changes : undefined;
    },
    write: (changes) => {
      writeThrough(`${path}.new`, JSON.stringify(changes));
      renameSync(`${path}.new`, path);
      syncFolder(folder);
    },
    clear: () => {
      rmSync(path, { force: true });
      syncFolder(folder);
    },
  };
}

/** A file that is damaged says nothing that could be trusted: our rules can still be told by their mark. */
function readChanges(path: string): Changes | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    // Not there: a clean stop.
    return undefined;
  }
}

function writeThrough(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
