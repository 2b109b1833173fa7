import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Elements } from '../../../modules/timedrift/elements.ts';
import { timedrift } from '../../../modules/timedrift/index.ts';
import type { Params } from '../../../modules/timedrift/params.ts';
import { runOn, type Host } from '../../../modules/timedrift/run.ts';
import { parseDuration } from '../../../src/base/go-format.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { hasIpv6 } from '../../helpers/has-ipv6.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { startFakeServer, type Manner } from './fake-server.ts';

/** A host without any configuration, which may ask nobody in public. */
const bareHost: Host = { rootFolder: '/nonexistent', publicServers: [] };

const check = (parameters: unknown, host = bareHost, context = createRunContext<Elements>()) =>
  runOn(host, validateParameters(timedrift.params, { timeout: 2, ...(parameters as object) }) as Params, context);

async function startServers(...manners: readonly Manner[]) {
  const servers = await Promise.all(manners.map((manner) => startFakeServer(manner)));
  return {
    names: servers.map(({ name }) => name),
    servers,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

test('without a drift it tells the local time and asks nobody', async () => {
  const before = Date.now();
  const result = await check({ drift: '' });
  expect(result).toEqual({
    foundAnything: true,
    elements: { hascheckeddrift: false, localtime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/) },
    statistics: { exectime: expect.any(String) },
    errors: [],
  });
  expect(Math.abs(Date.parse(result.elements.localtime) - before)).toBeLessThan(1000);
});

test('servers that are named without a drift are compared with 5 seconds, not passed over', async () => {
  await using server = await startFakeServer({ skewMs: 4000 });
  await using off = await startFakeServer({ skewMs: 6000 });
  expect((await check({ servers: [server.name] })).elements.verdict).toBe('within');
  expect((await check({ drift: '', servers: [off.name] })).elements.verdict).toBe('outside');
});

test('a clock that is right is within the drift, by every server', async () => {
  await using started = await startServers({}, { stratum: 1, reference: 'GPS\0' });
  const { foundAnything, elements, statistics, errors } = await check({ drift: '1s', servers: started.names });
  expect({ foundAnything, errors }).toEqual({ foundAnything: false, errors: [] });
  expect(elements).toEqual({
    hascheckeddrift: true,
    iswithindrift: true,
    localtime: expect.any(String),
    verdict: 'within',
    drift: expect.stringMatching(/^-?[\d.]+(ns|µs|ms)$/),
  });
  expect(statistics.ntpstats).toEqual([
    {
      host: started.names[0],
      source: 'parameters',
      address: '127.0.0.1',
      time: expect.stringMatching(/^2\d{3}-.*Z$/),
      latency: expect.stringMatching(/^[\d.]+(ns|µs|ms)$/),
      drift: expect.stringMatching(/^-?[\d.]+(ns|µs|ms)$/),
      reachable: true,
      stratum: 2,
      reference: '192.0.2.7',
      iswithindrift: true,
      agrees: true,
    },
    expect.objectContaining({ stratum: 1, reference: 'GPS' }),
  ]);
});

test.each([
  [60_000, 'behind', -60],
  [-60_000, 'ahead of', 60],
])('a network time that differs by %i ms is told with its side', async (skewMs, side, seconds) => {
  await using server = await startFakeServer({ skewMs });
  const { foundAnything, elements } = await check({ drift: '5s', servers: [server.name] });
  expect(foundAnything).toBe(true);
  expect(elements).toMatchObject({ hascheckeddrift: true, verdict: 'outside' });
  expect(elements.iswithindrift).toBeUndefined();
  expect(elements.drifts).toEqual([
    expect.stringMatching(new RegExp(`^Local time is ${side} ntp host 127\\.0\\.0\\.1:\\d+ by (59\\.9|1m0)`)),
  ]);
  expect(Math.round((parseDuration(elements.drift ?? '') ?? 0) / 1000)).toBe(seconds);
});

test('the time that the answer takes is taken out', async () => {
  await using server = await startFakeServer({ delayMs: 150 });
  const { elements, statistics } = await check({ drift: '50ms', servers: [server.name] });
  expect(elements.verdict).toBe('within');
  expect(parseDuration(statistics.ntpstats?.[0]?.latency ?? '')).toBeLessThan(50);
});

test.skipIf(!hasIpv6())('a server over IPv6 is asked', async () => {
  await using server = await startFakeServer({}, '::1');
  const { elements } = await check({ drift: '1s', servers: [server.name] });
  expect(elements.verdict).toBe('within');
});

test('one wrong server among three is outvoted, and named', async () => {
  await using started = await startServers({}, { skewMs: 3_600_000 }, {});
  const { foundAnything, elements, statistics } = await check({ drift: '1s', servers: started.names });
  expect({ foundAnything, verdict: elements.verdict }).toEqual({ foundAnything: false, verdict: 'within' });
  expect(statistics.ntpstats?.map(({ agrees }) => agrees)).toEqual([true, false, true]);
});

test('servers that contradict each other without a majority give no verdict', async () => {
  await using started = await startServers({}, { skewMs: 3_600_000 });
  const { foundAnything, elements, errors } = await check({ drift: '1s', servers: started.names });
  expect({ foundAnything, hascheckeddrift: elements.hascheckeddrift, verdict: elements.verdict }).toEqual({
    foundAnything: false,
    hascheckeddrift: false,
    verdict: 'unknown',
  });
  expect(errors).toEqual(['the 2 NTP servers that answered disagree about the drift: it is unknown']);
});

test.each<[string, Manner, string]>([
  ['asks for peace', { stratum: 0, reference: 'RATE' }, 'it is asked too often (RATE)'],
  ['is not synchronised', { leap: 3 }, 'its clock is not synchronised'],
  ['has lost its source', { stratum: 16 }, 'its stratum 16 means that its clock is not synchronised'],
  [
    'claims an impossible delay',
    { change: (answer) => (answer.writeUInt32BE(answer.readUInt32BE(40) + 9, 40), answer) },
    'it says that it needed longer than its answer took',
  ],
])('a server that %s is not believed', async (_, manner, reason) => {
  await using server = await startFakeServer(manner);
  const { foundAnything, elements, statistics, errors } = await check({ drift: '1s', servers: [server.name] });
  expect({ foundAnything, verdict: elements.verdict }).toEqual({ foundAnything: false, verdict: 'unknown' });
  expect(statistics.ntpstats).toEqual([
    {
      host: server.name,
      source: 'parameters',
      address: '127.0.0.1',
      time: '0001-01-01T00:00:00Z',
      latency: '',
      drift: '',
      reachable: false,
      error: reason,
    },
  ]);
  expect(errors).toEqual([
    `the only NTP server did not tell the time: the drift is unknown (${server.name}: ${reason})`,
  ]);
});

test.each<[string, NonNullable<Manner['change']>]>([
  ['that quotes another question', (answer) => (answer.fill(7, 24, 32), answer)],
  ['in another mode', (answer) => ((answer[0] = (4 << 3) | 3), answer)],
  ['that is cut short', (answer) => answer.subarray(0, 47)],
  ['of garbage', () => Buffer.from('hello')],
])('an answer %s is passed over; the question is put once more', async (_, change) => {
  await using server = await startFakeServer({ change });
  const { statistics } = await check({ drift: '1s', servers: [server.name], timeout: 0.2 });
  expect(statistics.ntpstats).toMatchObject([{ reachable: false, error: 'what came was no answer to the question' }]);
  expect(server.requests).toHaveLength(2);
});

test('the question tells nothing about the client', async () => {
  await using server = await startFakeServer();
  await check({ drift: '1s', servers: [server.name] });
  const [request = Buffer.alloc(0)] = server.requests;
  expect(request.subarray(0, 40).toString('hex')).toBe(`23${'00'.repeat(39)}`);
  expect(request.subarray(40).equals(Buffer.alloc(8))).toBe(false);
});

test('silence and a closed port are told apart, and cost no more than the time limit together', async () => {
  await using silent = await startFakeServer({ change: () => undefined });
  const closed = await startFakeServer();
  await closed[Symbol.asyncDispose]();
  const startedMs = performance.now();
  const { statistics } = await check({ drift: '1s', servers: [silent.name, closed.name], timeout: 0.2 });
  expect(performance.now() - startedMs).toBeLessThan(1000);
  expect(statistics.ntpstats?.map(({ error }) => error)).toEqual(['no answer within 0.2 s', 'refused']);
});

test('a lost answer is made good by the second question', async () => {
  let count = 0;
  await using server = await startFakeServer({ change: (answer) => (count++ === 0 ? undefined : answer) });
  const { elements } = await check({ drift: '1s', servers: [server.name], timeout: 0.4 });
  expect(elements.verdict).toBe('within');
});

test('the servers of the host are found, and public ones are asked only when those are silent', async () => {
  await using own = await startFakeServer();
  await using silent = await startFakeServer({ stratum: 16 });
  await using far = await startFakeServer({ skewMs: 90_000 });
  using folder = createTemporaryFolder();
  const file = join(folder.path, 'etc/chrony/chrony.conf');
  mkdirSync(dirname(file), { recursive: true });
  const host = { rootFolder: folder.path, publicServers: [far.name] };

  writeFileSync(file, `server 127.0.0.1 port ${own.port} iburst\n`);
  const withOwn = await check({ drift: '1s' }, host);
  expect(withOwn.statistics.ntpstats).toMatchObject([{ host: own.name, source: '/etc/chrony/chrony.conf' }]);
  expect(withOwn.elements.verdict).toBe('within');
  expect(far.requests).toHaveLength(0);

  writeFileSync(file, `server 127.0.0.1 port ${silent.port}\n`);
  const without = await check({ drift: '1s' }, host);
  expect(without.statistics.ntpstats).toMatchObject([
    { host: silent.name, reachable: false },
    { host: far.name, source: 'public', reachable: true },
  ]);
  expect(without.elements.verdict).toBe('outside');
  expect(without.errors).toEqual([]);
});

test('a configuration that cannot be read is said and costs nothing else', async () => {
  await using far = await startFakeServer();
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'etc/ntp.conf'), { recursive: true });
  const { elements, errors } = await check({ drift: '1s' }, { rootFolder: folder.path, publicServers: [far.name] });
  expect(elements.verdict).toBe('within');
  expect(errors).toEqual([
    `/etc/ntp.conf could not be read: ${join(folder.path, 'etc/ntp.conf')} is not a regular file`,
  ]);
});

test('a host without any server says so', async () => {
  const { foundAnything, elements, statistics, errors } = await check({ drift: '1s' });
  expect({ foundAnything, verdict: elements.verdict }).toEqual({ foundAnything: false, verdict: 'unknown' });
  expect(statistics.ntpstats).toBeUndefined();
  expect(errors).toEqual(['no NTP server is known to ask']);
});

test('a name that does not resolve is told as the reason', async () => {
  const { statistics } = await check({ drift: '1s', servers: ['no-such-host.invalid'], timeout: 1 });
  expect(statistics.ntpstats).toMatchObject([
    {
      host: 'no-such-host.invalid',
      reachable: false,
      error: expect.stringMatching(/^(the resolver knows no address of that name|no name server answered|.* in time)/),
    },
  ]);
});

test('a stop ends the run within 100 ms, with the answers until then', async () => {
  await using started = await startServers({}, { change: () => undefined });
  const stop = new AbortController();
  const context = createRunContext<Elements>(stop.signal);
  const running = check({ drift: '1s', servers: started.names, timeout: 10 }, bareHost, context);
  while (context.examined.length === 0) await new Promise((done) => void setTimeout(done, 5));
  const abortedMs = performance.now();
  stop.abort();
  const { elements, statistics, errors } = await running;
  expect(performance.now() - abortedMs).toBeLessThan(100);
  expect(elements.verdict).toBe('within');
  expect(statistics.ntpstats?.map(({ reachable }) => reachable)).toEqual([true, false]);
  expect(errors).toEqual(['stopped before every server had answered']);
});

test('more servers than are asked are said', async () => {
  await using server = await startFakeServer();
  const servers = Array.from({ length: 25 }, (_, at) => `127.0.0.${at + 1}:${server.port}`);
  const { statistics, errors } = await check({ drift: '1s', servers, timeout: 0.3 });
  expect(statistics.ntpstats).toHaveLength(20);
  expect(errors).toContain('25 servers are known, the first 20 were asked');
});
