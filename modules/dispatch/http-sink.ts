import { readFileSync, statSync } from 'node:fs';
import { Agent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as requestHttps } from 'node:https';
import { messageOf } from '../../src/base/app-error.ts';
import type { Clock } from '../../src/base/clock.ts';
import { version } from '../../src/base/version.ts';
import type { PersistHost } from '../../src/module/persist.ts';
import { createRecord, keyOf, wrapForMozdef } from './record.ts';
import type { Delivery, Sink } from './sink.ts';

export interface HttpSinkOptions {
  readonly url: URL;
  readonly host: PersistHost;
  readonly headers: Readonly<Record<string, string>>;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly isMozdef: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}

/** How much of an answer is read: a receiver says in a sentence what is wrong. */
const maxAnswerBytes = 4096;
/** The status decides; the rest of the answer is waited for only so that the connection can be used again. */
const bodyWaitMs = 1000;

/** One POST an alert, over one connection that is kept. Throws when the file of certificates cannot be read. */
export function createHttpSink(options: HttpSinkOptions): Sink {
  const { url, clock } = options;
  const isTls = url.protocol === 'https:';
  const ca = options.caFile === undefined || !isTls ? undefined : readFileSync(options.caFile);
  const kept = { keepAlive: true, maxSockets: 1 };
  const agent = isTls ? new TlsAgent({ ...kept, ...(ca === undefined ? {} : { ca }) }) : new Agent(kept);
  warnOfOpenToken(options);
  const post = async (body: string, key: string, signal: AbortSignal): Promise<Answer> => {
    const headers = {
      ...options.headers,
      ...readToken(options.tokenFile),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': `gumshoe-agent/${version}`,
      'idempotency-key': key,
    };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
    const request = (isTls ? requestHttps : requestHttp)(url, { method: 'POST', headers, agent, signal: limit });
    return exchange(request, body);
  };
  return {
    name: 'http',
    to: `${url.origin}${url.pathname}`,
    deliver: async (alert, signal) => {
      const key = keyOf(alert);
      const record = createRecord(options.host, alert);
      const body = JSON.stringify(options.isMozdef ? wrapForMozdef(record, { pid: process.pid }) : record);
      try {
        return judge(await post(body, key, signal), clock.nowMs());
      } catch (error) {
        if (isStale(error) && !signal.aborted) {
          // The receiver closed a connection that was idle just when it was used again: no failure of the receiver.
          try {
            return judge(await post(body, key, signal), clock.nowMs());
          } catch (again) {
            return { kind: 'retry', reason: describe(again, options) };
          }
        }
        return { kind: 'retry', reason: describe(error, options) };
      }
    },
    close: () => agent.destroy(),
  };
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** 2xx is delivered. What may pass is tried again: 408, 429, 5xx, and redirects, which are not followed. Any other status means that it will never be taken. */
export function judge({ status, retryAfter, text }: Answer, nowMs: number): Delivery {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const said = text.trim() === '' ? '' : `: ${text.trim().slice(0, 200)}`;
  const reason = `status ${status}${said}`;
  if (status < 400) return { kind: 'retry', reason: `${reason} (redirects are not followed)` };
  if (status < 500 && status !== 408 && status !== 429) return { kind: 'refused', reason };
  return { kind: 'retry', reason, afterMs: readRetryAfter(retryAfter, nowMs) };
}

/** RFC 9110 10.2.3: seconds, or a date. */
function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function exchange(request: ClientRequest, body: string): Promise<Answer> {
  const answered = Promise.withResolvers<Answer>();
  request.on('error', (error) => answered.reject(Object.assign(error, { isReused: request.reusedSocket })));
  request.on('response', (response) => void readAnswer(response).then(answered.resolve));
  request.end(body);
  return answered.promise;
}

/** Never rejects: with the status the matter is decided. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const ended = Promise.withResolvers<void>();
  let text = '';
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxAnswerBytes) text += chunk.toString('utf8');
    else response.destroy();
  });
  for (const event of ['end', 'error', 'close'] as const) response.on(event, () => ended.resolve());
  const timer = setTimeout(() => response.destroy(), bodyWaitMs);
  await ended.promise;
  clearTimeout(timer);
  return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text };
}

function isStale(error: unknown): boolean {
  if (!(error instanceof Error && 'isReused' in error && error.isReused === true)) return false;
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function describe(error: unknown, { timeoutMs }: HttpSinkOptions): string {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return `no answer within ${timeoutMs / 1000} s`;
  }
  return messageOf(error) === '' && error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
}

/** Read anew each time, so that a token may be replaced while this runs. Throws the system's error. */
function readToken(path: string | undefined): { readonly authorization?: string } {
  if (path === undefined) return {};
  const token = readFileSync(path, 'latin1').trim();
  if (!/^[\x21-\x7e]{1,8000}$/.test(token)) throw new Error(`${path}: expected one token, got something else`);
  return { authorization: `Bearer ${token}` };
}

function warnOfOpenToken({ tokenFile, log }: HttpSinkOptions): void {
  if (tokenFile === undefined) return;
  const mode = statSync(tokenFile, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o077) !== 0) log(`warning: ${tokenFile} may be read by others than its owner`);
}
