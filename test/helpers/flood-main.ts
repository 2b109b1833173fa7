/** Changes the name of its thread so often as it is told, as fast as it can: n0, n1, n2, ... Then it says so, and ends. */
import { openThreadName } from './thread-name.ts';

const changes = Number(process.argv[2]);
const name = openThreadName();
for (let change = 0; change < changes; change++) name.set(`n${change}`);
process.stdout.write('done\n');
