import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertSpool } from '../../src/agent/persistent/alert-spool.ts';
import { createPersistentModules } from '../../src/agent/persistent/create-persistent-modules.ts';
import { openAlertSpool } from '../../src/agent/persistent/open-alert-spool.ts';
import type { PersistentModules } from '../../src/agent/persistent/persistent-modules.ts';
import { type SupervisionTimes, supervisionTimes } from '../../src/agent/persistent/supervision.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createLog } from '../../src/base/log.ts';
import type { ModuleEvent } from '../../src/protocol/frame.ts';
import { examplepersist } from '../../modules/examplepersist/index.ts';

/** What a module in sh does at a message; it starts in a few milliseconds. */
export interface FakeModule {
  /** Before it registers. */
  readonly first?: string;
  readonly register?: string;
  readonly ping?: string;
  readonly prepare?: string;
  readonly stop?: string;
  /** Instead of `read`: */
  readonly loop?: string;
}

const say = (message: unknown): string => `echo '${JSON.stringify(message)}'`;
export const sayRegistered = say({ class: 'register', parameters: { sockpath: 'unix:/run/fake.sock' } });
export const sayPing = say({ class: 'ping' });
export const sayReady = say({ class: 'ready' });

/** Writes the program of a fake module; whatever flags it is given it is the same. */
export function writeFakeModule(folder: string, fake: FakeModule = {}): string {
  const path = join(folder, 'fake-module');
  const loop = `while read -r line; do case $line in
  *'"ping"'*) ${fake.ping ?? sayPing};;
  *'"prepare"'*) ${fake.prepare ?? sayReady};;
  *'"stop"'*) ${fake.stop ?? 'exit 0'};;
  esac; done`;
  writeFileSync(
    path,
    `#!/bin/sh\nread -r config\n${fake.first ?? ''}\n${fake.register ?? sayRegistered}\n${fake.loop ?? loop}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

export interface FakeAgent {
  readonly modules: PersistentModules;
  readonly alerts: AlertSpool;
  readonly events: readonly ModuleEvent[];
  readonly logged: readonly string[];
}

/** The persistent modules of an agent whose only module, examplepersist, is what the program does. */
export function createFakeAgent(options: {
  readonly folder: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly times?: Partial<SupervisionTimes>;
  readonly agentId?: string;
  readonly extraPrivacy?: boolean;
}): FakeAgent {
  const { folder } = options;
  const logged: string[] = [];
  const events: ModuleEvent[] = [];
  const log = createLog((line) => void logged.push(line), Date.now);
  const stateFolder = join(folder, 'state');
  mkdirSync(stateFolder, { recursive: true });
  const alerts = openAlertSpool({ path: join(stateFolder, 'alerts.db'), clock: systemClock, log });
  const modules = createPersistentModules({
    program: { command: options.program, args: options.args ?? [] },
    modules: [{ module: examplepersist, config: { interval: 30 } }],
    runFolder: folder,
    stateFolder,
    agentId: options.agentId ?? folder,
    host: { hostname: 'h', environment: {}, tags: {} },
    extraPrivacy: options.extraPrivacy ?? false,
    clock: systemClock,
    log,
    alerts,
    times: { ...supervisionTimes, ...options.times },
  });
  modules.onEvent((event) => events.push(event));
  return { modules, alerts, events, logged };
}
