/**
 * The schema of a case, step by step: the number of a step is its place in the list, counting from 1, and stands in the database's user_version.
 * A step that was released is never changed; a new one is added behind it.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE owner (            -- consoles that wrote to this case: who may still be at work
    id INTEGER PRIMARY KEY,
    pid INTEGER NOT NULL,
    start TEXT NOT NULL           -- when the process started, so that a reused pid is told apart
  ) STRICT;
  CREATE TABLE action (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ref TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    investigator TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    expire_after_ms INTEGER NOT NULL,
    owner INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE command (
    action INTEGER NOT NULL REFERENCES action(id),
    n INTEGER NOT NULL,           -- counts from 1: command 12.3 is the third agent of action 12
    agent TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    agent_body TEXT NOT NULL,
    status TEXT NOT NULL,
    error TEXT,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    last_n INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (action, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX command_agent ON command (agent_name, action);
  CREATE TABLE result (
    action INTEGER NOT NULL,
    n INTEGER NOT NULL,
    operation INTEGER NOT NULL,   -- counts from 0, as in the action's list
    status TEXT NOT NULL,
    partial INTEGER NOT NULL,
    found INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (action, n, operation)
  ) STRICT;
  CREATE INDEX result_found ON result (action, found);
  CREATE TABLE hit (              -- findings shown before their operation ended; its result replaces them
    id INTEGER PRIMARY KEY,
    action INTEGER NOT NULL,
    n INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    findings INTEGER NOT NULL,    -- how many findings the elements hold
    elements TEXT NOT NULL
  ) STRICT;
  CREATE INDEX hit_operation ON hit (action, n, operation);
  CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL,
    saved_ms INTEGER NOT NULL,
    owner INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    line TEXT NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // The first cases counted no findings in their hits: one each is what is known of them.
  `
  CREATE TABLE counted_hit (      -- findings shown before their operation ended; its result replaces them
    id INTEGER PRIMARY KEY,
    action INTEGER NOT NULL,
    n INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    findings INTEGER NOT NULL,    -- how many findings the elements hold
    elements TEXT NOT NULL
  ) STRICT;
  INSERT INTO counted_hit SELECT id, action, n, operation, 1, elements FROM hit;
  DROP TABLE hit;
  ALTER TABLE counted_hit RENAME TO hit;
  CREATE INDEX hit_operation ON hit (action, n, operation);
  `,
  // Alerts of persistent modules.
  `
  CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    n INTEGER NOT NULL,           -- the agent's own number of it
    module TEXT NOT NULL,
    at TEXT NOT NULL,             -- as the agent says
    severity TEXT NOT NULL,
    message TEXT NOT NULL,
    bytes INTEGER NOT NULL,       -- of the message
    received_ms INTEGER NOT NULL,
    acknowledged_ms INTEGER,
    UNIQUE (agent, n, at)         -- an agent that lost its records counts from 1 again
  ) STRICT;
  CREATE INDEX alert_agent_id ON alert (agent, id);
  CREATE INDEX alert_new ON alert (id) WHERE acknowledged_ms IS NULL;
  CREATE TABLE alert_agent (      -- what is kept of each agent, and what is not any more
    agent TEXT PRIMARY KEY,
    last_n INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    alerts INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    dropped INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // What an agent says of work that will take a while, whether it refused the command, and whether it answered after the console had given it up.
  `
  ALTER TABLE command ADD COLUMN note TEXT;
  ALTER TABLE command ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE command ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
  `,
];
