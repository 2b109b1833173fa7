import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { waitFor } from '../../../helpers/wait-for.ts';

const wire = join(import.meta.dirname, '../../../../src/agent/persistent/module-wire.ts');

test('an agent that does not read holds nobody up: logs are dropped and counted, alerts are kept', async () => {
  const code = `
    const { openModuleWire } = await import(${JSON.stringify(wire)});
    const wire = openModuleWire({ onMessage: () => {}, onUnknown: () => {}, onEnd: () => {} });
    for (let n = 0; n < 50_000; n++) wire.send({ class: 'log', parameters: { message: 'x'.repeat(100) } });
    for (let n = 0; n < 10; n++) wire.send({ class: 'alert', parameters: { message: String(n) } });
    console.log('goes to standard error');
    process.stderr.write('written\\n');
    await wire.flush(20_000);
    wire.send({ class: 'log', parameters: { message: 'last' } });
    await wire.flush(20_000);
    process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  // Nothing is read until all of it was said.
  await waitFor('all to be said', () => words.includes('written'), 20_000);
  expect(words).toContain('goes to standard error');
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  const messages = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { class: string; parameters: { message: string } });
  const alerts = messages.filter((message) => message.class === 'alert').map(({ parameters }) => parameters.message);
  expect(alerts).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  expect(messages.length).toBeLessThan(30_000);
  expect(messages.some(({ parameters }) => /^\d+ messages were dropped/.test(parameters.message))).toBe(true);
  expect(messages.at(-1)?.parameters.message).toBe('last');
});
