import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { asObject } from '../../src/base/as-object.ts';
import { parseModuleMessage, type ModuleMessage } from '../../src/protocol/module-message.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { waitFor } from './wait-for.ts';

/** A persistent module in a process of its own, without an agent. */
export interface PersistentProcess {
  readonly pid: number;
  /** "unix:PATH" */
  readonly socket: string;
  /** Where its own folder is made: FOLDER/modules/NAME. */
  readonly stateFolder: string;
  /** What it has said so far, oldest first. */
  readonly messages: readonly ModuleMessage[];
  readonly send: (message: ModuleMessage) => void;
  /** Asks it to stop and resolves with its exit status; null = a signal ended it. */
  readonly stop: () => Promise<number | null>;
}

export interface PersistentOptions {
  readonly name: string;
  readonly config?: unknown;
  /** Kept by the caller: what a module finds again at its next start. */
  readonly stateFolder?: string;
}

/** Starts `gumshoe-agent -P` from the sources and waits until the module has registered. Throws what it said when it ends before. */
export async function startPersistentModule({
  name,
  config,
  stateFolder,
}: PersistentOptions): Promise<PersistentProcess> {
  const folder = createTemporaryFolder();
  const program = join(import.meta.dirname, 'agent-main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, '-P', name], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const messages: ModuleMessage[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    messages.push(...lines.map(parseModuleMessage));
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (status) => {
      folder[Symbol.dispose]();
      resolve(status);
    });
  });
  const send = (message: ModuleMessage): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  const host = { hostname: 'test', environment: {}, tags: {} };
  const statedir = stateFolder ?? folder.path;
  send({ class: 'config', parameters: { config: config ?? {}, ...host, rundir: folder.path, statedir } });

  const socketOf = (message: ModuleMessage | undefined): unknown => asObject(message?.parameters)?.['sockpath'];
  let isOver = false;
  void ended.then(() => (isOver = true));
  const registered = await waitFor(
    `${name} to register`,
    () => {
      if (isOver) throw new Error(`${name} ended before it registered: ${JSON.stringify(messages)} ${words}`);
      return messages.find((message) => message.class === 'register');
    },
    60_000,
  );
  return {
    pid: child.pid ?? 0,
    socket: String(socketOf(registered)),
    stateFolder: statedir,
    messages,
    send,
    stop: () => {
      send({ class: 'stop' });
      return ended;
    },
  };
}
