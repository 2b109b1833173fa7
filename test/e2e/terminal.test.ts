/** The screen with a fake program, in a real pseudo-terminal. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleProgram, type Bundle } from '../helpers/bundle.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

let bundle: Bundle;
const terminals: Terminal[] = [];

beforeAll(async () => {
  bundle = await bundleProgram(join(import.meta.dirname, '../helpers/terminal-main.tsx'));
});
afterAll(() => bundle.remove());
afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close();
});

async function start(
  options: { readonly args?: readonly string[]; readonly env?: Record<string, string>; readonly columns?: number } = {},
): Promise<Terminal> {
  const { args = [], ...rest } = options;
  const terminal = openTerminal({ command: process.execPath, args: [bundle.path, ...args], ...rest });
  terminals.push(terminal);
  await terminal.waitFor('gumshoe>');
  return terminal;
}

/** A shell that runs the console and then says how the terminal was left. */
async function startInShell(argument = ''): Promise<Terminal> {
  const script = `before=$(stty -g); sh -c 'echo "pid $$"; exec "$0" "$@"' '${process.execPath}' '${bundle.path}' ${argument}; echo "status $?"; [ "$(stty -g)" = "$before" ] && echo terminal as before; exit 0`;
  const terminal = openTerminal({ command: '/bin/sh', args: ['-c', script] });
  terminals.push(terminal);
  await terminal.waitFor(argument === '' ? '1 agent online' : 'gumshoe>');
  return terminal;
}

function pidOf(terminal: Terminal): number {
  return Number(/pid (\d+)/.exec(terminal.screen.text)?.[1]);
}

describe('the console in a terminal', () => {
  test('runs what is typed, also where it believes to be in CI', async () => {
    const terminal = await start({ env: { CI: 'true' } });
    await terminal.sendInputAndWaitFor('echo héllo 漢字\r', '\nhéllo 漢字\n');
    await terminal.sendInputAndWaitFor('\x1b[A', 'gumshoe> echo héllo 漢字\ncase');
    terminal.type('\x15exit 3\r');
    expect(await terminal.exited).toMatchObject({ exitCode: 3 });
    expect(terminal.screen.foreign).toEqual([]);
  });

  test('keeps what is typed from the first moment on, before its program is there', async () => {
    const terminal = await start({ args: ['slow'] });
    terminal.type('echo early\recho half');
    await terminal.waitFor('\nearly\ngumshoe> echo half');
  });

  test('a whole session may be typed ahead, questions included, to the last key', async () => {
    const terminal = await start();
    terminal.type('ask\r');
    terminal.type('\rx.example\r\recho after\rexit\r');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.screen.text).toContain(
      'params {"gethostname":true,"getaddresses":false,"lookuphost":["x.example"]}\n',
    );
    expect(terminal.screen.text).toContain('\nafter\n');
  });

  test('asks a module its questions: a mistake corrected, an answer taken back, Ctrl-C in the middle', async () => {
    const terminal = await start();
    await terminal.sendInputAndWaitFor('ask\r', 'What should the endpoint tell?');
    await terminal.sendInputAndWaitFor('\r', 'A name to look up there');
    await terminal.sendInputAndWaitFor(
      'bad name!\r',
      '! expected a host name such as www.example.net, got "bad name!"',
    );
    await terminal.sendInputAndWaitFor('\x15x.example\r', 'no more): x.example\nA name to look up');
    await terminal.sendInputAndWaitFor('\x1b', '(taken back)');
    await terminal.waitFor(/\(taken back\)\nA name to look up there \(empty = no more\): x\.example\n/);
    await terminal.sendInputAndWaitFor('\x15y.example\r\r', '"lookuphost":["y.example"]}');
    await terminal.sendInputAndWaitFor('ask\r', 'Space marks');
    await terminal.sendInputAndWaitFor('\x03', 'draft unchanged');
    await terminal.sendInputAndWaitFor('echo on\r', '\non\n');
  });

  test('what is said between two questions stands above the second', async () => {
    const terminal = await start({ args: ['fields'] });
    await terminal.sendInputAndWaitFor('ask\r', 'arrows move');
    await terminal.sendInputAndWaitFor('lookuphost x.example\r', '= x.example');
    await terminal.sendInputAndWaitFor('show\r', /done: show\nlookuphost +x\.example\nAdd a condition/);
    await terminal.sendInputAndWaitFor('\r', 'params {"lookuphost":["x.example"]}');
  });

  test('Ctrl-C leaves following and ends nothing; what was typed meanwhile is text', async () => {
    const terminal = await start();
    await terminal.sendInputAndWaitFor('follow\r', '1/2 done');
    terminal.type('exit\r');
    await terminal.sendInputAndWaitFor('\x03', '\nleft\ngumshoe> exit');
    await terminal.sendInputAndWaitFor('\x03', 'gumshoe> exit^C');
    await terminal.sendInputAndWaitFor('\x03', 'Ctrl-D or exit leaves');
    terminal.type('\x04');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
  });

  test('a paste of several lines runs nothing until that is confirmed', async () => {
    const terminal = await start();
    await terminal.sendInputAndWaitFor('\x1b[200~echo one\necho two\x07\n\x1b[201~', '1 control character left out');
    await terminal.sendInputAndWaitFor('\r', 'Run these 2 lines one after another? (y/n)');
    await terminal.sendInputAndWaitFor('y', '\ntwo\n');
    expect(terminal.screen.text).toContain('gumshoe> echo one\none\ngumshoe> echo two\ntwo\n');
  });

  test('a paste into a question answers nothing by itself', async () => {
    const terminal = await start();
    await terminal.sendInputAndWaitFor('ask\r', 'Space marks');
    await terminal.sendInputAndWaitFor('\r', 'A name to look up there');
    await terminal.sendInputAndWaitFor('\x1b[200~x.example\nexit\n\x1b[201~', 'no more): x.example exit\n');
    await terminal.sendInputAndWaitFor('\x03', 'draft unchanged');
  });

  test('prints 10,000 lines within two seconds and keeps the prompt', async () => {
    const terminal = await start();
    const started = performance.now();
    await terminal.sendInputAndWaitFor('print 10000\r', 'row 10000\ngumshoe>');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('is usable at 24 columns and redraws when the window changes', async () => {
    const terminal = await start({ columns: 24 });
    await terminal.sendInputAndWaitFor('echo a line that is longer than the window\r', 'er th\nan the window\n');
    const before = terminal.written().length;
    terminal.resize(80, 30);
    await terminal.waitFor(/gumshoe>\ncase default · 1 agent online/);
    expect(terminal.written().length).toBeGreaterThan(before);
  });

  test('writes no colours where they are not wanted, and colours elsewhere', async () => {
    const plain = await start();
    await plain.waitFor('1 agent online');
    // eslint-disable-next-line no-control-regex
    expect(plain.written()).not.toMatch(/\x1b\[[0-9;]*m/);
    const coloured = await start({ env: { NO_COLOR: '' } });
    await coloured.waitFor('1 agent online');
    expect(coloured.written()).toContain('\x1b[1mgumshoe>');
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ])('%s gives the terminal back and ends with %i', async (signal, status) => {
    const terminal = await startInShell();
    process.kill(pidOf(terminal), signal);
    await terminal.waitFor(`status ${status}\nterminal as before`);
    expect(terminal.written()).toContain('\x1b[?2004l');
  });

  test('exit gives the terminal back, also out of the middle of a question', async () => {
    const terminal = await startInShell();
    await terminal.sendInputAndWaitFor('ask\r', 'Space marks');
    await terminal.sendInputAndWaitFor('\x03', 'draft unchanged');
    await terminal.sendInputAndWaitFor('exit\r', 'status 0\nterminal as before');
  });

  test('leaves nothing of its live part behind', async () => {
    const terminal = await startInShell();
    await terminal.sendInputAndWaitFor('echo last\r', '\nlast\ngumshoe>');
    await terminal.sendInputAndWaitFor('\x04', /\nlast\nstatus 0\n/);
  });

  test('a signal in the middle of a question gives the terminal back', async () => {
    const terminal = await startInShell();
    await terminal.sendInputAndWaitFor('ask\r', 'Space marks');
    process.kill(pidOf(terminal), 'SIGTERM');
    await terminal.waitFor('status 143\nterminal as before');
  });

  test('a defect gives the terminal back, is told with its stack, and ends with 70', async () => {
    const terminal = await startInShell();
    await terminal.sendInputAndWaitFor('crash\r', 'status 70\nterminal as before');
    expect(terminal.screen.text).toContain('Error: planted \\x1b]0;defect\\x07');
    expect(terminal.screen.foreign).toEqual([]);
  });

  test('a program that cannot be created gives the terminal back and says why', async () => {
    const terminal = await startInShell('broken');
    await terminal.waitFor('not started: Error: planted\nstatus 78\nterminal as before');
  });
});
