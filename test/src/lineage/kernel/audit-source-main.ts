/** The audit source in a process of its own, until it is killed or its input ends: `audit-source-main.ts STATE-FOLDER UID`. Prints its status once it has started, as JSON. */
import { createAuditSource } from '../../../../src/lineage/sources/audit-source.ts';
import { createHostTimes } from '../../../../src/lineage/sources/host-times.ts';
import { openHostClocks } from '../../../../src/native/clock-calls.ts';

const [stateFolder = '', uid = ''] = process.argv.slice(2);
let streams = 0;
const source = createAuditSource({
  times: createHostTimes(openHostClocks()),
  stateFolder,
  uid: Number(uid),
  log: () => {},
  nextStream: () => ++streams,
  onEvents: () => {},
});
await source.start();
process.stdout.write(`${JSON.stringify(source.status())}\n`);
process.stdin.resume();
await new Promise((resolve) => process.stdin.on('end', resolve));
await source.stop();
