/** The hosts that consoles of this account reach agents on, whatever their case: DATA/hosts.db. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../base/app-error.ts';
import { asObject } from '../base/as-object.ts';
import { explainDatabaseFailure, makeDatabaseFile } from './database-file.ts';
import { transact } from './open-store.ts';

export interface Host {
  /** What targets call it. */
  readonly name: string;
  /** ssh destination, docker:CONTAINER or kubectl:[NAMESPACE/]POD[:CONTAINER]. */
  readonly destination: string;
  /** The agent's program on the host. */
  readonly agentPath: string;
  /** Added to the tags of its agent. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The list of hosts. Every call opens the file anew: it is small, and other consoles write to it too. */
export interface HostList {
  /** In the order of their names. Throws StoreError. */
  readonly read: () => readonly Host[];
  /** Adds all of them, or none: throws StoreError HOST_INVALID for a name that cannot be used or is taken. */
  readonly add: (hosts: readonly Host[]) => void;
  /** Throws StoreError HOST_UNKNOWN. */
  readonly remove: (name: string) => void;
}

export const maxHosts = 10_000;

const schema = `
  CREATE TABLE IF NOT EXISTS host (
    name TEXT PRIMARY KEY,
    destination TEXT NOT NULL,
    agent_path TEXT NOT NULL,
    tags TEXT NOT NULL            -- JSON, an object of texts
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = 1;
`;

export function createHostList(path: string): HostList {
  const withDatabase = <Value>(work: (database: DatabaseSync) => Value): Value => {
    let database: DatabaseSync | undefined;
    try {
      makeDatabaseFile(path);
      database = new DatabaseSync(path, { timeout: 5000 });
      database.exec('PRAGMA trusted_schema = OFF');
      database.exec(schema);
      return work(database);
    } catch (cause) {
      throw explainDatabaseFailure(cause, path, 'the list of hosts');
    } finally {
      database?.close();
    }
  };
  return {
    read: () => (existsSync(path) ? withDatabase(readHosts) : []),
    add: (hosts) => withDatabase((database) => transact({ database }, () => addHosts(database, hosts))),
    remove: (name) =>
      withDatabase((database) => {
        const { changes } = database.prepare('DELETE FROM host WHERE name = ?').run(name);
        if (Number(changes) === 0) {
          throw new StoreError('HOST_UNKNOWN', `no host is called ${JSON.stringify(name.slice(0, 100))}`);
        }
      }),
  };
}

/** A name is typed as a target and stands in every line of results: one short word. Throws StoreError HOST_INVALID. */
export function checkHostName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(name) && !/^(local|all)$/i.test(name)) return name;
  throw new StoreError(
    'HOST_INVALID',
    `expected the name of a host (letters, digits, dots, dashes and underscores, 64 at most; not local, not all), got ${JSON.stringify(name.slice(0, 100))}`,
  );
}

function readHosts(database: DatabaseSync): readonly Host[] {
  return database
    .prepare('SELECT * FROM host ORDER BY name')
    .all()
    .map((row) => ({
      name: String(row['name']),
      destination: String(row['destination']),
      agentPath: String(row['agent_path']),
      tags: parseTags(String(row['tags'])),
    }));
}

function addHosts(database: DatabaseSync, hosts: readonly Host[]): void {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO host (name, destination, agent_path, tags) VALUES (?, ?, ?, ?)',
  );
  for (const { name, destination, agentPath, tags } of hosts) {
    const { changes } = insert.run(checkHostName(name), destination, agentPath, JSON.stringify(tags));
    if (Number(changes) === 0) {
      throw new StoreError(
        'HOST_INVALID',
        `host ${name} exists already: expected another name, or "hosts remove ${name}" first`,
      );
    }
  }
  const count = Number(database.prepare('SELECT count(*) AS count FROM host').get()?.['count']);
  if (count > maxHosts) throw new StoreError('HOST_INVALID', `expected at most ${maxHosts} hosts, got ${count}`);
}

function parseTags(text: string): Readonly<Record<string, string>> {
  const entries = Object.entries(asObject(JSON.parse(text)) ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}
