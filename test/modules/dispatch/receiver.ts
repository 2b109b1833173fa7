import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedAlert {
  readonly id: string;
  readonly event: unknown;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the collector does with one request: a status (with headers), no answer ever, or a connection that breaks. */
export type Behaviour = number | 'hang' | 'reset' | ((response: ServerResponse) => void);

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** All requests, and those that were answered with 2xx. */
  readonly requests: ReceivedAlert[];
  readonly taken: ReceivedAlert[];
}

/** A real HTTP server: the first requests get these behaviours, all later ones 200. */
export async function openReceiver(behaviours: readonly Behaviour[] = [], port = 0): Promise<Receiver> {
  const left = [...behaviours];
  const requests: ReceivedAlert[] = [];
  const taken: ReceivedAlert[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Readonly<Record<string, unknown>>;
      const alert = { id: String(body['id']), event: body['event'], headers: request.headers, body };
      requests.push(alert);
      const behaviour = left.shift() ?? 200;
      if (behaviour === 'hang') return;
      if (behaviour === 'reset') request.socket.resetAndDestroy();
      else if (typeof behaviour === 'function') behaviour(response);
      else {
        if (behaviour < 300) taken.push(alert);
        response.statusCode = behaviour;
        response.end(`said ${behaviour}`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    requests,
    taken,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
