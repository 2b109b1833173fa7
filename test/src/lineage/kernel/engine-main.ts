/** The lineage of this host in a process that is to be killed: `node engine-main.ts FOLDER [UID]`, with audit of the programs of that user where one is named; says "ready" when it listens. */
import { systemClock } from '../../../../src/base/clock.ts';
import { openHostLineage } from '../../../../src/lineage/open-host-lineage.ts';

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
