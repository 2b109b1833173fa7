/**
 * The lineage of this host in a process that is to be stopped for a while (SIGSTOP), with a small buffer in the kernel: `node stalled-main.ts FOLDER`. Says what it tells of gaps, a line of JSON
 * each; asked anything, the pids that live.
 */
import { systemClock } from '../../../../src/base/clock.ts';
import { openHostLineage } from '../../../../src/lineage/open-host-lineage.ts';
import { openProcessStream } from '../../../../src/monitor/open-process-stream.ts';

const [stateFolder = ''] = process.argv.slice(2);
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const lineage = openHostLineage({
  config: { audit: false, files: [], root: undefined, maxAgeMs: 1e12, maxBytes: 1 << 28 },
  stateFolder,
  clock: systemClock,
  log: () => undefined,
  openStream: (options) => openProcessStream({ ...options, receiveBufferBytes: 1 << 20 }),
});
lineage.subscribe((news) => {
  if (news.kind === 'gap') say({ gap: news.gap });
});
await lineage.start();
say({ isReady: true });
process.stdin.on('data', () => {
  const living = lineage.find({ limit: 1e6 }).filter(({ state }) => state === 'live' || state === 'leaderExited');
  say({ living: living.map(({ pid }) => pid) });
});
process.stdin.on('end', () => void lineage.stop().then(() => process.exit()));
