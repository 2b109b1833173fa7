import { closeSync, openSync } from 'node:fs';
import { createServer, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPeerCredentials } from '../../../src/native/peer-credentials.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { descriptorOf } from '../../../src/agent/daemon/descriptor-of.ts';

test.runIf(process.platform === 'linux')('tell who connected to a unix socket', async () => {
  using folder = createTemporaryFolder();
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer(accepted.resolve).listen(join(folder.path, 'socket'));
  const client = connect(join(folder.path, 'socket'));
  const socket = await accepted.promise;
  expect(readPeerCredentials(descriptorOf(socket))).toEqual({
    pid: process.pid,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  });
  client.destroy();
  socket.destroy();
  server.close();
});

test('know nothing of what is no socket', () => {
  const fd = openSync('/dev/null', 'r');
  expect([readPeerCredentials(fd), readPeerCredentials(-1)]).toEqual([undefined, undefined]);
  closeSync(fd);
});
