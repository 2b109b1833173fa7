import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { messageOf } from '../../src/base/app-error.ts';
import { errnoOf } from '../../src/linux/errno.ts';
import { createRequest, parseReply, type ParsedReply, type Reply } from './ntp-packet.ts';
import type { ServerName } from './server-name.ts';

export interface AskOptions {
  /** For resolver, question and answer together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Wall time in milliseconds since 1970. */
  readonly localTime: () => number;
}

/** What a server said. */
export interface Measurement {
  readonly reply: Reply;
  /** Network minus local time. */
  readonly offsetMs: number;
  /** Round trip, without what the server needed. */
  readonly latencyMs: number;
}

export type Answer = { readonly address: string } & (
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly reason: string }
);

/** The addresses of a name, in the order of the system's resolver. Throws why there are none. */
export async function resolveServer(host: string, { timeoutMs, signal }: AskOptions): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return within({ timeoutMs, signal, late: 'its name was not resolved in time' }, async () =>
    (await lookup(host, { all: true })).map(({ address }) => address),
  );
}

/** Asks one address, once more after half of the time. Never throws. */
export async function askAddress(address: string, { port }: ServerName, options: AskOptions): Promise<Answer> {
  const { timeoutMs, signal } = options;
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  let again: NodeJS.Timeout | undefined;
  let late = `no answer within ${timeoutMs / 1000} s`;
  try {
    return await within(
      { timeoutMs, signal, late: () => late },
      () =>
        new Promise<Answer>((settle, fail) => {
          const questions: Question[] = [];
          const ask = (): void => {
            const question = { nonce: randomBytes(8), sentMs: options.localTime() };
            questions.push(question);
            socket.send(createRequest(question.nonce), (error) => error && fail(error));
          };
          socket.on('error', fail);
          socket.on('message', (bytes) => {
            const receivedMs = options.localTime();
            const answer = readAnswer(bytes, questions, receivedMs);
            if (answer) settle({ address, ...answer });
            else late = 'what came was no answer to the question';
          });
          socket.connect(port, address, (error?: Error) => {
            if (error) return fail(error);
            ask();
            again = setTimeout(ask, timeoutMs / 2);
          });
        }),
    );
  } catch (error) {
    return { address, kind: 'failed', reason: errnoOf(error) === 'ECONNREFUSED' ? 'refused' : messageOf(error) };
  } finally {
    clearTimeout(again);
    socket.close();
  }
}

interface Question {
  readonly nonce: Uint8Array;
  readonly sentMs: number;
}

type Read =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly reason: string };

function readAnswer(bytes: Buffer, questions: readonly Question[], receivedMs: number): Read | undefined {
  for (const { nonce, sentMs } of questions) {
    const parsed: ParsedReply = parseReply(bytes, nonce);
    if (parsed.kind === 'foreign') continue;
    if (parsed.kind === 'unusable') return { kind: 'failed', reason: parsed.reason };
    return readMeasurement(parsed.reply, sentMs, receivedMs);
  }
  return undefined;
}

/** RFC 5905 section 8. A server that claims to have needed longer than the whole round trip took is wrong. */
function readMeasurement(reply: Reply, sentMs: number, receivedMs: number): Read {
  const latencyMs = receivedMs - sentMs - (reply.sentMs - reply.receivedMs);
  if (latencyMs < -1) return { kind: 'failed', reason: 'it says that it needed longer than its answer took' };
  const offsetMs = (reply.receivedMs - sentMs + (reply.sentMs - receivedMs)) / 2;
  return { kind: 'measured', measurement: { reply, offsetMs, latencyMs: Math.max(0, latencyMs) } };
}

/** The work's result, unless the time is over or a stop comes before. The work itself is not interrupted. */
async function within<Result>(
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly late: string | (() => string) },
  work: () => Promise<Result>,
): Promise<Result> {
  const { timeoutMs, signal, late } = limits;
  const ended = Promise.withResolvers<never>();
  const stop = (): void => ended.reject(new Error('stopped before it answered'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => ended.reject(new Error(typeof late === 'string' ? late : late())), timeoutMs);
  try {
    return await Promise.race([ended.promise, work()]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
