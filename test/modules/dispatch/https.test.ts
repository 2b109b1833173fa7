import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startDispatch } from './start-dispatch.ts';

test('https: the collector is checked by the certificates of a file, and gets nothing without them', async () => {
  using folder = createTemporaryFolder();
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const keys: unknown[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    keys.push(request.headers['idempotency-key']);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const httpurl = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  using other = createTemporaryFolder();
  await using strict = await startDispatch(other.path, { httpurl, retrymax: '100ms' });
  await strict.give(1);
  await waitFor('a failure', async () => (await strict.elements()).sinks[0]?.lastError);
  expect((await strict.elements()).sinks[0]?.lastError?.text).toMatch(/self-signed certificate/);
  await using dispatch = await startDispatch(folder.path, { httpurl, cafile: cert });
  await dispatch.give(2);
  await waitFor('the alert', () => keys.length === 1);
  expect(keys).toEqual(['here-2']);
  server.closeAllConnections();
  server.close();
});

test('a file of certificates that is not there keeps the module from starting, with its path', async () => {
  using folder = createTemporaryFolder();
  const section = { httpurl: 'https://127.0.0.1:1/', cafile: '/nonexistent/ca.pem' };
  await expect(startDispatch(folder.path, section)).rejects.toThrow('/nonexistent/ca.pem');
});
