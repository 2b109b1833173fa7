import { systemClock } from '../../src/base/clock.ts';
import { takeInstanceLock } from '../../src/agent/daemon/instance-lock.ts';

/** Takes the lock that is named and holds it until it is killed: `held`, or why not, on standard output. */
const [path = '', waitMs = '0'] = process.argv.slice(2);
try {
  await takeInstanceLock(path, { clock: systemClock, waitMs: Number(waitMs) });
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
