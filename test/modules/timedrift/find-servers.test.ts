import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findServers } from '../../../modules/timedrift/find-servers.ts';
import { parseServerLines } from '../../../modules/timedrift/parse-server-lines.ts';
import { parseNetworkState, parseTimesyncdConf } from '../../../modules/timedrift/parse-timesyncd-conf.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const hostsOf = (text: string) => parseServerLines(text).servers.map(({ host }) => host);

describe('lines of ntpd, chrony and OpenNTPD', () => {
  test('servers, peers and pools are taken, with their ports', () => {
    const text = `# by hand
driftfile /var/lib/ntp/drift
server ntp1.example.net iburst
 Server -4 192.0.2.1 prefer   # near
pool 2.debian.pool.ntp.org iburst maxsources 4
peer 2001:db8::1 port 1123
servers pool.ntp.org
server 127.127.1.0
!server a.example
;server b.example
% server c.example
server
server --bad-- x
serverx d.example
restrict default`;
    expect(parseServerLines(text).servers).toEqual([
      { host: 'ntp1.example.net', port: 123, isPool: false },
      { host: '192.0.2.1', port: 123, isPool: false },
      { host: '2.debian.pool.ntp.org', port: 123, isPool: true },
      { host: '2001:db8::1', port: 1123, isPool: false },
      { host: 'pool.ntp.org', port: 123, isPool: true },
    ]);
  });

  test('what chrony is told to read is noted', () => {
    expect(
      parseServerLines('confdir /etc/chrony/conf.d /x\nsourcedir /run/dhcp\ninclude /etc/a.conf\ninclude rel.conf')
        .included,
    ).toEqual([
      { path: '/etc/chrony/conf.d', ending: '.conf' },
      { path: '/x', ending: '.conf' },
      { path: '/run/dhcp', ending: '.sources' },
      { path: '/etc/a.conf', ending: undefined },
    ]);
  });

  test('any text is read to an end, and only hosts come out', () => {
    const words = fc.constantFrom(
      'server',
      'pool',
      'port',
      '99999',
      '__proto__',
      'constructor',
      '::1',
      'a.b',
      '#',
      '\t',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string()), { maxLength: 30 }),
        fc.constantFrom(' ', '\n'),
        (parts, glue) => {
          for (const { host, port } of parseServerLines(parts.join(glue)).servers) {
            expect(host).toMatch(/^[\p{L}\p{N}_:][^\s/]*$/u);
            expect(port).toBeGreaterThan(0);
            expect(port).toBeLessThan(65_536);
          }
        },
      ),
    );
  });

  test('a long hostile line takes no long time', () => {
    const startedMs = performance.now();
    hostsOf(`server ${'a-'.repeat(500_000)}\n${' '.repeat(500_000)}#\nserver ${'a '.repeat(200_000)}`);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});

describe('systemd-timesyncd', () => {
  test('servers add up, an empty value takes them back, other sections do not count', () => {
    const first = parseTimesyncdConf('[Time]\nNTP=a.example b.example\nFallbackNTP=f.example\n[Other]\nNTP=x.example');
    expect(first).toEqual({ ntp: ['a.example', 'b.example'], fallback: ['f.example'] });
    expect(parseTimesyncdConf('[Time]\n#NTP=no.example\nNTP = \\\n c.example\n', first).ntp).toEqual([
      'a.example',
      'b.example',
      'c.example',
    ]);
    expect(parseTimesyncdConf('[Time]\nNTP=\nNTP=d.example', first).ntp).toEqual(['d.example']);
  });

  test('what DHCP gave is read from the state of systemd-networkd', () => {
    expect(parseNetworkState('# private\nOPER_STATE=routable\nNTP=192.0.2.9 ntp.example\nDNS=192.0.2.1\n')).toEqual([
      '192.0.2.9',
      'ntp.example',
    ]);
  });

  test('any text is read to an end', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseNetworkState(`NTP=${text}`);
        parseTimesyncdConf(`[Time]\nNTP=${text}`);
      }),
    );
  });
});

describe('the files of a host', () => {
  function createHost(files: Readonly<Record<string, string>>) {
    const folder = createTemporaryFolder();
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      writeFileSync(join(folder.path, path), text);
    }
    return folder;
  }

  const found = (folder: { readonly path: string }) => {
    const { servers, problems } = findServers(folder.path);
    return { servers: servers.map(({ host, source }) => `${host} ${source}`), problems };
  };

  test('every kind is found, each server once, with its file', () => {
    using host = createHost({
      '/etc/ntp.conf': 'server one.example\npool pool.example',
      '/etc/ntpsec/ntp.conf': 'server ONE.example\nserver two.example',
      '/etc/chrony/chrony.conf':
        'confdir /etc/chrony/conf.d\nsourcedir /run/elsewhere\ninclude /etc/extra/*.conf\nserver three.example',
      '/etc/chrony/conf.d/a.conf': 'peer four.example',
      '/etc/chrony/conf.d/a.bak': 'server no.example',
      '/etc/chrony/sources.d/site.sources': 'server five.example',
      '/run/elsewhere/eth0.sources': 'server six.example',
      '/etc/extra/b.conf': 'server seven.example\ninclude /etc/extra/b.conf',
      '/etc/systemd/timesyncd.conf': '[Time]\n#NTP=\nFallbackNTP=fallback.example',
      '/etc/systemd/timesyncd.conf.d/10-site.conf': '[Time]\nNTP=eight.example',
      '/usr/lib/systemd/timesyncd.conf.d/10-site.conf': '[Time]\nNTP=no.example',
      '/run/systemd/netif/state': 'NTP=192.0.2.9',
    });
    expect(found(host)).toEqual({
      servers: [
        'one.example /etc/ntp.conf',
        'pool.example /etc/ntp.conf',
        'two.example /etc/ntpsec/ntp.conf',
        'three.example /etc/chrony/chrony.conf',
        'four.example /etc/chrony/conf.d/a.conf',
        'six.example /run/elsewhere/eth0.sources',
        'seven.example /etc/extra/b.conf',
        'five.example /etc/chrony/sources.d/site.sources',
        'eight.example /etc/systemd/timesyncd.conf.d/10-site.conf',
        '192.0.2.9 /run/systemd/netif/state',
      ],
      problems: [],
    });
  });

  test('the fallback of timesyncd is taken when it has nothing else', () => {
    using host = createHost({ '/usr/lib/systemd/timesyncd.conf': '[Time]\nFallbackNTP=0.example 1.example' });
    expect(found(host).servers).toEqual([
      '0.example /usr/lib/systemd/timesyncd.conf',
      '1.example /usr/lib/systemd/timesyncd.conf',
    ]);
  });

  test('nothing is no problem, a FIFO and a device are not waited for', () => {
    using host = createHost({ '/etc/x': '' });
    expect(found(host)).toEqual({ servers: [], problems: [] });
    execFileSync('mkfifo', [join(host.path, 'etc/ntp.conf')]);
    symlinkSync('/dev/zero', join(host.path, 'etc/chrony.conf'));
    expect(found(host)).toEqual({
      servers: [],
      problems: [
        `/etc/ntp.conf could not be read: ${join(host.path, 'etc/ntp.conf')} is not a regular file`,
        `/etc/chrony.conf could not be read: ${join(host.path, 'etc/chrony.conf')} is not a regular file`,
      ],
    });
  });

  test('files that include each other without end are read to one', () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`/c/${at}.conf`, `server s${at}.example\ninclude /c/${at + 1}.conf`]),
    );
    using host = createHost({ ...files, '/etc/chrony.conf': 'include /c/0.conf' });
    const { servers } = found(host);
    expect(servers.length).toBeGreaterThan(20);
    expect(servers.length).toBeLessThan(100);
  });
});
