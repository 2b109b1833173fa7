/** What is changed in the kernel's audit, on disk before it is changed: whoever comes after a kill takes back exactly that. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { asObject } from '../../base/as-object.ts';
import { isMark, type Settings } from './mark.ts';

export interface Changes {
  /** The kernel forgets rules and settings when it starts. */
  readonly bootId: string;
  /** The first key of our rules: nobody else's have it. */
  readonly mark: string;
  before: Settings;
  set: Settings;
  /** Rules of others when we began. */
  readonly others: number;
  /** struct audit_rule_data, base64. */
  readonly rules: string[];
}

export interface Ledger {
  /** What an earlier life changed and did not take back; undefined after a clean stop, and when the host has started since. */
  readonly read: () => Changes | undefined;
  /** On disk for certain when it returns. */
  readonly write: (changes: Changes) => void;
  readonly clear: () => void;
}

/** In a folder that nobody else writes to. */
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
    return parseChanges(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there: a clean stop.
    return undefined;
  }
}

function parseChanges(value: unknown): Changes | undefined {
  const { bootId, mark, before, set, others, rules } = asObject(value) ?? {};
  const [was, is] = [parseSettings(before), parseSettings(set)];
  if (typeof bootId !== 'string' || typeof mark !== 'string' || !isMark(mark)) return undefined;
  if (!was || !is || typeof others !== 'number' || !Array.isArray(rules)) return undefined;
  if (!rules.every((rule) => typeof rule === 'string')) return undefined;
  return { bootId, mark, before: was, set: is, others, rules };
}

function parseSettings(value: unknown): Settings | undefined {
  const object = asObject(value);
  if (!object) return undefined;
  const settings: Settings = {};
  for (const name of ['enabled', 'backlogLimit', 'backlogWaitTime'] as const) {
    const number = object[name];
    if (number === undefined) continue;
    if (typeof number !== 'number') return undefined;
    settings[name] = number;
  }
  return settings;
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
