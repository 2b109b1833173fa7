import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkHostName, createHostList, maxHosts, type Host } from '../../../src/store/hosts.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const host = (name: string, values: Partial<Host> = {}): Host => ({
  name,
  destination: name,
  agentPath: 'gumshoe-agent',
  tags: {},
  ...values,
});

test('hosts are kept in the order of their names, for every console that opens the file', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'data', 'hosts.db');
  const list = createHostList(path);
  expect(list.read()).toEqual([]);
  const web = host('web1', { destination: 'root@192.0.2.7', agentPath: '/opt/agent', tags: { role: 'web' } });
  list.add([web, host('db1')]);
  expect(createHostList(path).read()).toEqual([host('db1'), web]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  list.remove('db1');
  expect(list.read()).toEqual([web]);
});

test('all are added or none: a name that is taken stops the others too', () => {
  using folder = createTemporaryFolder();
  const list = createHostList(join(folder.path, 'hosts.db'));
  list.add([host('web1')]);
  expect(() => list.add([host('web2'), host('web1')])).toThrow(
    expect.objectContaining({
      code: 'HOST_INVALID',
      message: 'host web1 exists already: expected another name, or "hosts remove web1" first',
    }),
  );
  expect(list.read()).toEqual([host('web1')]);
  expect(() => list.add(Array.from({ length: maxHosts }, (_, at) => host(`h${at}`)))).toThrow(
    'expected at most 10000 hosts, got 10001',
  );
  expect(list.read()).toHaveLength(1);
});

test('a host that is not there cannot be removed', () => {
  using folder = createTemporaryFolder();
  const list = createHostList(join(folder.path, 'hosts.db'));
  expect(() => list.remove('web1')).toThrow(expect.objectContaining({ code: 'HOST_UNKNOWN' }));
});

test.each(['', 'local', 'ALL', '-oProxyCommand=x', 'two words', 'a\nb', '\x1b[2J', 'a/b', 'x'.repeat(65), "a'b", 'ü'])(
  '%j is no name of a host',
  (name) => {
    expect(() => checkHostName(name)).toThrow(expect.objectContaining({ code: 'HOST_INVALID' }));
  },
);

test('a file that is something else is told of and not touched', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'hosts.db');
  writeFileSync(path, 'not a database at all, but long enough to be taken for one by nobody'.repeat(20));
  expect(() => createHostList(path).read()).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
});
