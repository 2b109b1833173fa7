import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../../helpers/wait-for.ts';

const file = join(import.meta.dirname, '../../../src/native/process-deadline.ts');
const load = `const { openProcessDeadline } = await import(${JSON.stringify(file)}); const deadline = openProcessDeadline();`;
const node = (code: string) =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

describe.runIf(process.platform === 'linux')('a deadline of the kernel', () => {
  test('ends a process whose event loop stands still', async () => {
    const child = node(`${load} deadline.endAfter(1); for (;;);`);
    const [, signal] = (await once(child, 'exit')) as [unknown, string];
    expect(signal).toBe('SIGALRM');
  });

  test('may be taken back', async () => {
    const child = node(`${load} deadline.endAfter(1); deadline.endAfter(0); setTimeout(() => process.exit(7), 1500);`);
    const [status] = (await once(child, 'exit')) as [number];
    expect(status).toBe(7);
  });

  test('sends TERM when the parent is killed', async () => {
    const inner = `${load} process.on('SIGTERM', () => { console.log('TERM'); process.exit(); });
      setInterval(() => {}, 1000); console.log(String(deadline.endWithParent()));`;
    const outer = `import { spawn } from 'node:child_process';
      spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', ${JSON.stringify(inner)}], { stdio: 'inherit' });`;
    const parent = node(outer);
    let said = '';
    parent.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await waitFor('the child', () => /^true$/m.test(said), 20_000);
    parent.kill('SIGKILL');
    await waitFor('its end', () => said.includes('TERM'), 20_000);
  });
});
