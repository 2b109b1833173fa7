import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runIpTool, systemIpTool } from '../../../../src/linux/ip-tool/run-ip-tool.ts';
import { hasIpTool } from '../../../helpers/ip-tool.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const options = { namespaceFile: undefined, signal: new AbortController().signal };

function writeTool(folder: string, script: string): string {
  const path = join(folder, 'tool');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('the tool gets its words as they are, without a shell, and a plain environment', async () => {
  using folder = createTemporaryFolder();
  const ip = writeTool(folder.path, `printf '<%s>' "$@"; printf '%s %s' "$PATH" "$HOME"`);
  expect(await runIpTool(['neighbour', '$(id)'], { ...options, tool: { ip, nsenter: '' } })).toEqual({
    text: '<-json><neighbour><$(id)>/usr/sbin:/usr/bin:/sbin:/bin ',
  });
});

test('another namespace is entered through its file', async () => {
  using folder = createTemporaryFolder();
  const nsenter = writeTool(folder.path, `printf '<%s>' "$@"`);
  expect(
    await runIpTool(['address'], { ...options, namespaceFile: '/proc/7/ns/net', tool: { ip: 'ip', nsenter } }),
  ).toEqual({ text: '<--net=/proc/7/ns/net><--><ip><-json><address>' });
});

test('a tool that is missing, or complains, is a problem in words', async () => {
  using folder = createTemporaryFolder();
  expect(await runIpTool([], { ...options, tool: { ip: 'no-such-tool', nsenter: '' } })).toEqual({
    problem: 'the no-such-tool tool is not installed',
  });
  const ip = writeTool(folder.path, `echo 'Option "-json" is unknown, try "ip -help".' >&2; echo more >&2; exit 255`);
  expect(await runIpTool([], { ...options, tool: { ip, nsenter: '' } })).toEqual({
    problem: `${ip}: Option "-json" is unknown, try "ip -help".`,
  });
});

test('a tool that may not be started, or ends without a word, is a problem in words', async () => {
  using folder = createTemporaryFolder();
  const ip = writeTool(folder.path, 'exit 1');
  expect(await runIpTool(['address'], { ...options, tool: { ip, nsenter: '' } })).toEqual({
    problem: `${ip}: Command failed: ${ip} -json address`,
  });
  chmodSync(ip, 0o644);
  expect(await runIpTool([], { ...options, tool: { ip, nsenter: '' } })).toEqual({
    problem: `${ip}: spawn ${ip} EACCES`,
  });
});

test('a stop ends a tool that hangs', async () => {
  using folder = createTemporaryFolder();
  const ip = writeTool(folder.path, 'exec sleep 60');
  const stop = new AbortController();
  const answer = runIpTool([], { tool: { ip, nsenter: '' }, namespaceFile: undefined, signal: stop.signal });
  stop.abort();
  expect(await answer).toEqual({ problem: 'stopped' });
});

test('the tool of this host prints a list', async ({ skip }) => {
  if (!hasIpTool()) skip('the ip tool (iproute2) is not installed');
  const answer = await runIpTool(['address', 'show'], { ...options, tool: systemIpTool });
  expect(answer).toEqual({ text: expect.stringMatching(/^\[.*"ifname":"lo"/s) });
});
