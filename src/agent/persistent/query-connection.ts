import type { Socket } from 'node:net';
import { messageOf } from '../../base/app-error.ts';
import { createLineSplitter, type LineSplitter } from '../../base/lines.ts';
import { parseModuleMessage } from '../../protocol/module-message.ts';
import { failedResult, type ModuleResult } from '../../protocol/result.ts';
import type { AnswerQuery, QueryServerLimits } from './query-limits.ts';

/** What all connections of a socket hold together. */
export interface Load {
  /** Those whose line is not complete, oldest first, with what refuses them. */
  readonly waiting: Map<Socket, (reason: string) => void>;
  readonly open: Set<Socket>;
  /** Those of the open ones that were not refused. */
  served: number;
  inputBytes: number;
  outputBytes: number;
}

const lineEnd = 10;
const sliceBytes = 256 * 1024;
/** A caller that was refused may still be writing: until it has read why, or for so long, what it writes is taken and thrown away. */
const lingerMs = 1000;
/** What may come behind the parameters: a stop line. A caller that writes on is no longer read. */
const maxBytesBehind = 4096;

/** One connection: reads its line, has it answered, writes the answer as fast as it is read, closes. */
export function serveConnection(socket: Socket, load: Load, answer: AnswerQuery, limits: QueryServerLimits): void {
  const stop = new AbortController();
  let lineSplitter: LineSplitter | undefined;
  // Most queries come in one piece and need none.
  const splitter = (): LineSplitter => (lineSplitter ??= createLineSplitter({ maxBytes: limits.lineBytes }));
  let phase: 'reading' | 'working' | 'writing' = 'reading';
  let heldBytes = 0;
  let bytesBehind = 0;
  let isRefused = false;

  const leaveReading = (): void => {
    clearTimeout(lineTimer);
    load.waiting.delete(socket);
    load.inputBytes -= heldBytes;
    heldBytes = 0;
  };
  const write = async (text: string): Promise<void> => {
    const bytes = Buffer.from(`${text}\n`);
    load.outputBytes += bytes.length;
    try {
      await writeAll(socket, bytes, limits.readerMs);
    } finally {
      load.outputBytes -= bytes.length;
    }
  };
  const refuse = (reason: string): void => {
    if (phase !== 'reading') return;
    leaveReading();
    phase = 'writing';
    load.served--;
    isRefused = true;
    const linger = setTimeout(() => socket.destroy(), lingerMs);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => clearTimeout(linger));
    void write(JSON.stringify(failedResult([reason]))).then(() =>
      socket.readableEnded ? socket.destroy() : socket.end(),
    );
  };
  const work = async (line: string): Promise<void> => {
    leaveReading();
    phase = 'working';
    const result = await answerWithin(line, answer, stop, limits);
    phase = 'writing';
    socket.pause();
    if (!socket.destroyed) await write(formatAnswer(result, limits, load.outputBytes));
    socket.destroy();
  };
  const takeMore = (lines: readonly string[], chunkBytes: number): void => {
    bytesBehind += chunkBytes;
    if (lines.some((line) => /"class"\s*:\s*"stop"/.test(line))) stop.abort();
    if (bytesBehind > maxBytesBehind) socket.pause();
  };
  const takeWhole = (chunk: Buffer): readonly string[] | undefined =>
    lineSplitter === undefined && chunk.length <= limits.lineBytes && chunk.indexOf(lineEnd) === chunk.length - 1
      ? [chunk.toString('utf8', 0, chunk.length - 1)]
      : undefined;
  const take = (chunk: Buffer): void => {
    if (phase === 'writing') return;
    const lines = takeWhole(chunk) ?? splitter().push(chunk);
    if (phase === 'working') return takeMore(lines, chunk.length);
    const [line, ...more] = lines;
    if (line !== undefined) {
      void work(line);
      return takeMore(more, 0);
    }
    heldBytes += chunk.length;
    load.inputBytes += chunk.length;
    if (load.inputBytes > limits.inputBytes)
      refuse(`the module holds ${limits.inputBytes} bytes of unfinished queries already: ask again later`);
  };

  const lineTimer = setTimeout(
    () => refuse(`expected one line with the parameters within ${limits.lineMs / 1000} s, got none`),
    limits.lineMs,
  );
  load.open.add(socket);
  load.served++;
  load.waiting.set(socket, refuse);
  socket.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch (error) {
      // A line that is too long; behind the parameters nothing more is read.
      if (phase === 'reading') refuse(messageOf(error));
      else socket.pause();
    }
  });
  socket.on('end', () => {
    if (phase !== 'reading') return;
    const rest = lineSplitter?.end();
    if (rest === undefined) refuse('expected one line with the parameters, got the end of the input');
    else void work(rest);
  });
  // A caller that is gone: 'close' follows.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (phase === 'reading') leaveReading();
    load.open.delete(socket);
    if (!isRefused) load.served--;
    if (phase === 'working') stop.abort();
  });
  // Those that were refused linger, as many as are served; beyond that there is no answer.
  if (load.open.size > 2 * limits.connections) socket.destroy();
  else if (load.served > limits.connections)
    refuse(`the module has ${limits.connections} connections already: ask again later`);
}

/** The answer, or after a stop or the time limit a failed one if it does not come soon. */
async function answerWithin(
  line: string,
  answer: AnswerQuery,
  stop: AbortController,
  limits: QueryServerLimits,
): Promise<ModuleResult> {
  const late = Promise.withResolvers<ModuleResult>();
  let reason = 'the query was stopped';
  const timers: NodeJS.Timeout[] = [];
  timers.push(
    setTimeout(() => {
      reason = `the query was stopped at its limit of ${limits.queryMs / 1000} s`;
      stop.abort();
    }, limits.queryMs),
  );
  const giveUp = (): void => {
    timers.push(setTimeout(() => late.resolve(failedResult([reason])), limits.abortMs));
  };
  stop.signal.addEventListener('abort', giveUp, { once: true });
  try {
    const message = parseModuleMessage(line);
    if (message.class !== 'parameters')
      return failedResult([`expected a message of class parameters, got class ${message.class}`]);
    return await Promise.race([answer(message.parameters, stop.signal), late.promise]);
  } catch (error) {
    return failedResult([messageOf(error)]);
  } finally {
    timers.forEach(clearTimeout);
    stop.signal.removeEventListener('abort', giveUp);
  }
}

function formatAnswer(result: ModuleResult, limits: QueryServerLimits, waitingBytes: number): string {
  const fail = (reason: string): string => JSON.stringify(failedResult([reason]));
  try {
    const text = JSON.stringify(result);
    const bytes = Buffer.byteLength(text);
    if (bytes > limits.answerBytes)
      return fail(`the answer has ${bytes} bytes, more than the ${limits.answerBytes} that one may have`);
    if (waitingBytes + bytes > limits.outputBytes)
      return fail(`answers of ${waitingBytes} bytes wait for their readers already: ask again later`);
    return text;
  } catch (error) {
    return fail(`the answer cannot be written: ${messageOf(error)}`);
  }
}

/** Writes slice after slice, each when the one before was taken; closes on a reader that takes nothing. Resolves when all is written, or nothing more can be. */
async function writeAll(socket: Socket, bytes: Buffer, readerMs: number): Promise<void> {
  for (let from = 0; from < bytes.length && !socket.destroyed; from += sliceBytes) {
    socket.write(bytes.subarray(from, from + sliceBytes));
    // Most answers are taken by the kernel at once: there is nobody to wait for.
    if (socket.writableLength > 0) await untilTaken(socket, readerMs);
  }
}

async function untilTaken(socket: Socket, readerMs: number): Promise<void> {
  const taken = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.destroy(), readerMs);
  socket.once('close', taken.resolve);
  socket.write('', () => taken.resolve());
  await taken.promise;
  clearTimeout(timer);
  socket.off('close', taken.resolve);
}
