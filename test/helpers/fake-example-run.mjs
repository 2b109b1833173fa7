// Stands in for `gumshoe-agent -m example --events N`: with {"hang":true} it streams a hit and waits for a stop, with
// {"megabytes":N} its answer is that large, otherwise it answers at once.
import { createInterface } from 'node:readline';

const result = (elements) =>
  JSON.stringify({ foundanything: true, success: true, elements, statistics: null, errors: null });
const finish = (elements) => process.stdout.write(`${result(elements)}\n`, () => process.exit(0));

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.class === 'stop') finish({ hostname: 'stopped' });
  else if (message.parameters?.hang) {
    process.stdout.write('{"class":"hits","parameters":{"elements":{"hostname":"first"}}}\n');
    setInterval(() => {}, 1000);
  } else if (message.parameters?.megabytes)
    finish({ hostname: 'x'.repeat(message.parameters.megabytes * 1024 * 1024) });
  else finish({ hostname: 'quick' });
});
