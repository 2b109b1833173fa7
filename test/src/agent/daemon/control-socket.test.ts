import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../../src/base/log.ts';
import { openControlSocket, type ControlSocketOptions } from '../../../../src/agent/daemon/control-socket.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

/** A socket whose links echo what they are sent, and whose requests are answered with their type. */
async function open(options: Partial<ControlSocketOptions> = {}) {
  const folder = createTemporaryFolder();
  const path = options.path ?? join(folder.path, 'agent.sock');
  const socket = await openControlSocket({
    path,
    allowedUids: [],
    log: silentLog,
    onLink: (link) =>
      new Promise((resolve) => {
        link
          .on('data', (chunk: Buffer) => link.write(chunk))
          .on('end', resolve)
          .on('close', resolve)
          .resume();
      }),
    onRequest: async (request, { peer, answer }) => answer(`${request.type} from ${peer}\n`),
    ...options,
  });
  return {
    path,
    socket,
    [Symbol.asyncDispose]: async () => {
      await socket.close();
      folder[Symbol.dispose]();
    },
  };
}

function call(path: string) {
  const socket: Socket = connect(path);
  let said = '';
  let closed = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.on('close', () => (closed = true));
  return {
    socket,
    said: () => said,
    ends: async () => {
      await waitFor('the end of the connection', () => closed, 30_000);
      return said;
    },
    says: (text: string) => waitFor(`"${text}"`, () => said.includes(text), 30_000),
  };
}
const ask = (path: string, text: string) => {
  const caller = call(path);
  caller.socket.write(text);
  return caller.ends();
};
const status = '{"type":"status"}\n';
const answered = `status from uid ${process.getuid?.()}\n`;

describe.runIf(process.platform === 'linux')('the control socket', () => {
  test('is for its account alone, answers requests and serves links, each by its first line', async () => {
    await using agent = await open();
    expect(statSync(agent.path).mode & 0o777).toBe(0o600);
    expect(await ask(agent.path, status)).toBe(answered);
    const link = call(agent.path);
    link.socket.write('{"type":"hello","protocol":1,"version":"x"}\nand more');
    await link.says('and more');
    expect(link.said()).toBe('{"type":"hello","protocol":1,"version":"x"}\nand more');
    expect(agent.socket.connections()).toBe(1);
    link.socket.end();
    await link.ends();
    await waitFor('the place to be free', () => agent.socket.connections() === 0);
  });

  test('answers a caller that has closed its side already', async () => {
    await using agent = await open();
    const caller = call(agent.path);
    caller.socket.end(status);
    expect(await caller.ends()).toBe(answered);
  });

  test('takes the place of a socket that a dead agent left, and removes its own', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.sock');
    writeFileSync(path, 'stale');
    const agent = await open({ path });
    expect(await ask(path, status)).toBe(answered);
    await agent[Symbol.asyncDispose]();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.each([
    [
      'garbage',
      'garbage\n',
      'expected a request (status, restart, outcome, shutdown) as one line of JSON, got \\"garbage\\"',
    ],
    ['binary', '\0\u0001\u0002\n', 'FRAME_INVALID'],
    ['an unknown request', '{"type":"reboot"}\n', 'FRAME_INVALID'],
    ['a frame before a hello', '{"type":"bye"}\n', 'FRAME_INVALID'],
    ['a restart without an id', '{"type":"restart"}\n', 'FRAME_INVALID'],
    ['an endless line', 'x'.repeat(70_000), 'expected a first line of at most 65536 bytes, got more'],
  ])('tells a caller with %s what is wrong and closes', async (_what, text, reason) => {
    await using agent = await open();
    const said = await ask(agent.path, text);
    expect(said).toContain('"type":"problem"');
    expect(said).toContain(reason);
    expect(await ask(agent.path, status)).toBe(answered);
  });

  test('tells a caller that ends in half a line, and one that says nothing', async () => {
    await using agent = await open({ limits: { firstLineMs: 50 } });
    const half = call(agent.path);
    half.socket.end('{"type":');
    expect(await half.ends()).toContain('got the end of the connection');
    expect(await call(agent.path).ends()).toContain('expected a line of JSON within 0.05 s, got none');
  });

  test('goes on answering while 500 callers are connected and silent', { timeout: 60_000 }, async () => {
    await using agent = await open({ limits: { firstLineMs: 60_000 } });
    const silent = Array.from({ length: 500 }, () => call(agent.path));
    await Promise.all(Array.from({ length: 20 }, async () => expect(await ask(agent.path, status)).toBe(answered)));
    for (const { socket } of silent) socket.destroy();
  });

  test('serves no more links than it has places for, and says so', async () => {
    await using agent = await open({ limits: { used: 2 } });
    const hello = '{"type":"hello"}\n';
    const links = [call(agent.path), call(agent.path)];
    for (const link of links) {
      link.socket.write(hello);
      await link.says('hello');
    }
    expect(await ask(agent.path, hello)).toContain('LIMIT_REACHED');
    links[0]?.socket.destroy();
    await waitFor('a free place', () => agent.socket.connections() === 1);
    const next = call(agent.path);
    next.socket.write(hello);
    await next.says('hello');
  });

  test('does not wait for a caller that never reads its answer', async () => {
    const large = 'y'.repeat(8_000_000);
    await using agent = await open({
      limits: { lastWordMs: 50 },
      onRequest: async (_request, { answer }) => answer(large),
    });
    const caller = connect(agent.path);
    caller.on('error', () => undefined);
    caller.write(status);
    await waitFor('its place to be free', () => agent.socket.connections() === 0);
    caller.destroy();
  });

  test('keeps the connections that are there when it stops accepting', async () => {
    await using agent = await open();
    const link = call(agent.path);
    link.socket.write('{"type":"hello"}\n');
    await link.says('hello');
    agent.socket.stopAccepting();
    expect(await ask(agent.path, status)).toBe('');
    link.socket.write('still');
    await link.says('still');
  });

  test('where a folder is missing it says where it could not listen', async () => {
    await expect(open({ path: '/nonexistent/agent.sock' })).rejects.toMatchObject({
      code: 'RUN_FOLDER',
      message: expect.stringContaining('/nonexistent/agent.sock: cannot listen there: ') as string,
    });
  });
});
