/**
 * One module run as a program: MIG's `-m`. One line of parameters in, one line with the envelope out, exit status 0 whatever the result. A stop line
 * that comes while it runs aborts the run, and what was found until then is the result; the end of input is no stop.
 */
import { writeSync } from 'node:fs';
import { messageOf, ModuleError } from '../base/app-error.ts';
import { asObject } from '../base/as-object.ts';
import { systemClock } from '../base/clock.ts';
import { createLineSplitter } from '../base/lines.ts';
import { createLog } from '../base/log.ts';
import { nearest } from '../base/nearest.ts';
import { visible } from '../base/visible.ts';
import type { Module } from '../module/define-module.ts';
import { runModule } from '../module/run-module.ts';
import { type ModuleMessage, type ModuleMessageClass, parseModuleMessage } from '../protocol/module-message.ts';
import { failedResult, type ModuleResult } from '../protocol/result.ts';
import { loadModule, moduleNames } from '../../modules/load.ts';
import { unnamed } from './agent-program.ts';
import { streamProgress } from './stream-progress.ts';

const maxInputBytes = 64 * 1024 * 1024;

export interface ModuleRunOptions {
  readonly name: string;
  /** Lines for people instead of the envelope. */
  readonly pretty: boolean;
  /** Progress and hits before the envelope, for the agent that started this run; their bytes at most. */
  readonly streamBytes: number | undefined;
  readonly extraPrivacy: boolean;
  /** Where the agent of this host listens. Throws ConfigError. */
  readonly findAgent: () => Promise<string>;
}

export async function serveModuleRun(options: ModuleRunOptions): Promise<void> {
  let module: Module | undefined;
  let answered = false;
  const answer = async (result: ModuleResult): Promise<void> => {
    if (answered) return;
    answered = true;
    try {
      await writeResult(module, result, options.pretty);
    } catch (error) {
      // A printer that throws, or a result that JSON cannot hold: the reader gets an envelope all the same.
      const name = module?.name ?? options.name;
      writeLine(JSON.stringify(failedResult([`the result of module ${name} cannot be written: ${messageOf(error)}`])));
    } finally {
      // Whatever the module left open must not keep a finished run alive, and nobody may be left to read.
      process.exit(0);
    }
  };
  const crash = (error: unknown): void =>
    void answer(failedResult([`module ${module?.name ?? options.name} crashed: ${messageOf(error)}`]));
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  // The wire is file descriptor 1, written by writeLine alone: what a module or a library prints goes to standard error. Node's own stream is not even
  // made, as it would turn the pipe into one that refuses writes while it is full.
  Object.defineProperty(process, 'stdout', { get: () => process.stderr });

  const stop = new AbortController();
  const input = openInput({
    onStop: () => stop.abort(),
    onEnd: () => {
      // Whoever asked for events keeps the input open: its end means that the agent is gone. Nobody reads the result, but a module may tidy up.
      if (options.streamBytes === undefined) return;
      stop.abort();
      setTimeout(() => process.exit(1), 2000);
    },
  });
  let message: ModuleMessage;
  try {
    module = options.name === unnamed ? await becomeModule(input) : await loadModule(options.name);
    if (!module) return await answer(failedResult([describeUnknown(options.name)]));
    message = await input.read('parameters');
    input.watchForStop();
  } catch (error) {
    return answer(failedResult([messageOf(error)]));
  }
  const streamed = streamProgress({
    write: options.streamBytes === undefined ? () => {} : writeLine,
    monotonicMs: systemClock.monotonicMs,
    // A fragment has not been through the privacy hook: with extra privacy nothing but the masked result leaves.
    maxBytes: options.extraPrivacy ? 0 : (options.streamBytes ?? 0),
  });
  const log = createLog((text) => void process.stderr.write(text), systemClock.nowMs);
  const context = {
    signal: stop.signal,
    clock: systemClock,
    log,
    progress: streamed.progress,
    persistSocket: message.persistsock,
    findAgent: options.findAgent,
  };
  await answer(await runModule(module, message.parameters, context, { extraPrivacy: options.extraPrivacy }));
}

/** The life of a spare: loads all modules while nobody waits for it, then is told which one it is. */
async function becomeModule(input: Input): Promise<Module> {
  for (const name of moduleNames) await (await loadModule(name))?.loadRun();
  const name = asObject((await input.read('module')).parameters)?.['name'];
  const module = typeof name === 'string' ? await loadModule(name) : undefined;
  if (module) return module;
  throw new ModuleError('PARAMETERS_INVALID', `expected the name of a module, got ${JSON.stringify(name)}`);
}

/** Says that there is no such module, and which one may have been meant. */
export function describeUnknown(name: string): string {
  const near = nearest(name, moduleNames);
  return `module '${name}' is not available${near ? `: did you mean ${near}?` : ''}`;
}

/** Standard input, line by line. */
interface Input {
  /** The next message, which has to be of this class. Throws what is wrong with it, and on the end of input. */
  readonly read: (messageClass: ModuleMessageClass) => Promise<ModuleMessage>;
  /** From now on every line is only looked at for a stop. */
  readonly watchForStop: () => void;
}

function openInput({ onStop, onEnd }: { readonly onStop: () => void; readonly onEnd: () => void }): Input {
  const splitter = createLineSplitter({ maxBytes: maxInputBytes });
  const lines: string[] = [];
  let isWatching = false;
  let end: unknown;
  let news = Promise.withResolvers<void>();
  const take = (line: string): void => {
    if (!isWatching) lines.push(line);
    else if (/"class"\s*:\s*"stop"/.test(line)) onStop();
  };
  const finish = (error: unknown): void => {
    end ??= error;
    news.resolve();
  };
  process.stdin.on('data', (chunk: Buffer) => {
    try {
      splitter.push(chunk).forEach(take);
    } catch (error) {
      finish(error);
      process.stdin.destroy();
    }
    news.resolve();
  });
  process.stdin.on('error', finish);
  process.stdin.on('end', () => {
    const rest = splitter.end();
    if (rest !== undefined) take(rest);
    onEnd();
    finish(new ModuleError('PARAMETERS_INVALID', 'expected one line with a parameters message, got an empty input'));
  });
  const next = async (): Promise<string> => {
    for (;;) {
      const line = lines.shift();
      if (line !== undefined) return line;
      if (end !== undefined) throw end;
      await news.promise;
      news = Promise.withResolvers();
    }
  };
  return {
    read: async (messageClass) => {
      const message = parseModuleMessage(await next());
      if (message.class === messageClass) return message;
      throw new ModuleError(
        'PARAMETERS_INVALID',
        `expected a message of class ${messageClass}, got class ${message.class}`,
      );
    },
    watchForStop: () => {
      isWatching = true;
      lines.splice(0).forEach(take);
    },
  };
}

async function writeResult(module: Module | undefined, result: ModuleResult, pretty: boolean): Promise<void> {
  if (!pretty) return writeLine(JSON.stringify(result));
  const lines = module
    ? (await module.loadPrinter()).printResults(result, { matchOnly: false }).map(({ text }) => text)
    : (result.errors ?? []);
  for (const text of lines) writeLine(visible(text));
}

/** Synchronous, so that the line is out before the process ends, whatever stands on the other side of the pipe. */
function writeLine(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let from = 0; from < bytes.length;) {
    try {
      from += writeSync(1, bytes, from);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      // The pipe is full and its reader slow: give it a moment without giving up the order of the lines.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
