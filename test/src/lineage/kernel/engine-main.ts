/**
 * The lineage of this host in a process that is to be killed: `node engine-main.ts FOLDER [UID]`, with audit of the programs of that user where one is named. Says "ready" when it listens;
 * told a pid and a number, "saved" when it has heard of so many children of that process and what it has heard is on disk.
 */
import { once } from 'node:events';
import { systemClock } from '../../../../src/base/clock.ts';
import { openHostLineage } from '../../../../src/lineage/open-host-lineage.ts';
import { waitLong } from '../../../helpers/wait-for.ts';

const [stateFolder = '', uid] = process.argv.slice(2);
const config = { audit: uid !== undefined, files: [], root: undefined, maxAgeMs: 1e12, maxBytes: 1 << 28 };
const lineage = openHostLineage({
  config,
  stateFolder,
  clock: systemClock,
  log: () => undefined,
  ...(uid === undefined ? {} : { auditUid: Number(uid) }),
});
await lineage.start();
process.stdout.write('ready\n');
const [asked] = (await once(process.stdin, 'data')) as [Buffer];
const [pid = 0, children = 0] = String(asked).split(' ').map(Number);
await waitLong('the children', () => (lineage.byPid(pid)?.children.length ?? 0) >= children);
await lineage.save();
process.stdout.write('saved\n');
