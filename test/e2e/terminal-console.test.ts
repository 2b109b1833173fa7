/** The shipped console with its local agent, in a real pseudo-terminal. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

const gumshoe = join(import.meta.dirname, '../../bin/gumshoe');
let home: string;
const terminals: Terminal[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gumshoe-terminal-'));
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close();
  rmSync(home, { recursive: true });
});

async function start(
  options: { readonly columns?: number; readonly env?: Record<string, string> } = {},
): Promise<Terminal> {
  const { env = {}, columns = 100 } = options;
  const terminal = openTerminal({ command: gumshoe, env: { GUMSHOE_HOME: home, ...env }, columns, rows: 40 });
  terminals.push(terminal);
  await terminal.waitFor(/gumshoe>\ncase default · 1 of 1 agents online/);
  return terminal;
}

/** A draft that is ready but for its operations. */
async function createDraft(terminal: Terminal, name: string): Promise<void> {
  await terminal.sendInputAndWaitFor('create action\r', 'launcher>');
  await terminal.sendInputAndWaitFor(`name ${name}\r`, `draft '${name}' (0)`);
  await terminal.sendInputAndWaitFor('target local\r', 'target local: 1 agent, 1 online');
}

describe('the console in a terminal', () => {
  test('is guided to a hit: a wrong value corrected, a question taken back, Ctrl-C in the middle without losing the draft', async () => {
    const terminal = await start({ columns: 140 });
    await createDraft(terminal, 'find passwd');

    await terminal.sendInputAndWaitFor('add file\r', 'Label of the search: s1');
    await terminal.sendInputAndWaitFor('\r', 'example: /etc');
    await terminal.sendInputAndWaitFor('/et', 'no globbing: /et');
    await terminal.sendInputAndWaitFor('\x03', 'launcher>\ncase');
    expect(terminal.screen.text).toContain("draft 'find passwd' (0)");

    await terminal.sendInputAndWaitFor('add file\r', 'Label of the search: s1');
    await terminal.sendInputAndWaitFor('\r', 'example: /etc');
    await terminal.sendInputAndWaitFor('\r', '! expected a value, got nothing');
    await terminal.sendInputAndWaitFor('/etc\r', 'arrows move');
    await terminal.sendInputAndWaitFor('name\r', 'example: ^passwd$');
    await terminal.sendInputAndWaitFor('^passwd(\r', '! expected a regular expression');
    await terminal.sendInputAndWaitFor('\x7f\r', '> done');
    await terminal.sendInputAndWaitFor('\x1b', '(taken back)');
    await terminal.waitFor('typing replaces the value, arrows edit it');
    await terminal.sendInputAndWaitFor('\x1b[F$\r', '> done');
    await terminal.sendInputAndWaitFor('\r', 'what next?');
    await terminal.sendInputAndWaitFor('\r', 'Add this operation?');
    await terminal.sendInputAndWaitFor('\r', "draft 'find passwd' (1)");

    await terminal.sendInputAndWaitFor('launch\r', 'Launch it? (y/n)');
    await terminal.sendInputAndWaitFor('y\r', 'action 1>');
    await terminal.sendInputAndWaitFor(
      'results\r',
      /^\S+ \/etc\/passwd \[lastmodified:.+ mode:-rw-r--r--, size:\d+\]/m,
    );
    terminal.type('exit\rexit\r');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.screen.foreign).toEqual([]);
  });

  test('killed while following, it offers the action, its results so far and the draft at the next start', async () => {
    const terminal = await start();
    await createDraft(terminal, 'long search');
    await terminal.sendInputAndWaitFor("add file -path /etc -name '^passwd$' -maxdepth 1\r", "draft 'long search' (1)");
    await terminal.sendInputAndWaitFor(
      "add file -path /usr -content 'no such line [0-9]{3}q' -matchlimit 0\r",
      "draft 'long search' (2)",
    );
    await terminal.sendInputAndWaitFor('launch\r', 'Launch it? (y/n)');
    await terminal.sendInputAndWaitFor('y\r', '1/2 done');
    await terminal.sendInputAndWaitFor('\x03', 'action 1>\ncase');
    await terminal.sendInputAndWaitFor('create action\r', 'launcher>');
    await terminal.sendInputAndWaitFor('name next\r', "draft 'next' (0)");
    await terminal.sendInputAndWaitFor('exit\r', 'the draft is kept');
    await terminal.sendInputAndWaitFor('follow 1\r', '1/2 done');
    terminal.kill('SIGKILL');
    await terminal.exited;

    const again = await start();
    await again.waitFor(/action 1 'long search' was still running when its console ended: results so far [1-9]/);
    await again.waitFor(/draft 'next'.* resumes it/);
    await again.sendInputAndWaitFor('action 1\r', 'action 1>');
    await again.sendInputAndWaitFor('results\r', /\/etc\/passwd \[lastmodified/);
  });

  test('shows hostile file names as text: no byte of theirs that steers a terminal reaches it', async () => {
    const names = [
      'osc52-\x1b]52;c;aGFja2Vk\x07-end',
      'osc8-\x1b]8;;http:\\\\evil\x1b\\\\link-end',
      'csi-\x1b[2J\x1b[1;1Hroot-end',
      'sgr-\x1b[8mhidden-end',
      'cr-real\rfake-end',
      'lf-one\ntwo-end',
      'c1-\u009b31m\u009d0;title\u009c-end',
      'bidi-\u202egpj.exe-end',
      'dcs-\x1bP1$r\x1b\\\\-end',
      'typed-\\x1b[31m-end',
    ];
    const folder = join(home, 'hostile');
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), 'x');

    const terminal = await start({ columns: 200, env: { NO_COLOR: '' } });
    await createDraft(terminal, 'hostile');
    await terminal.sendInputAndWaitFor(`add file -path ${folder} -name end\r`, "draft 'hostile' (1)");
    await terminal.sendInputAndWaitFor('launch\r', 'Launch it? (y/n)');
    await terminal.sendInputAndWaitFor('y\r', 'action 1>');
    await terminal.sendInputAndWaitFor('results\r', '1 agent, operations: 1 found');

    for (const shown of [
      'osc52-\\x1b]52;c;aGFja2Vk\\x07-end',
      'csi-\\x1b[2J\\x1b[1;1Hroot-end',
      'sgr-\\x1b[8mhidden-end',
      'cr-real\\rfake-end',
      'lf-one\\ntwo-end',
      'c1-\\x9b31m\\x9d0;title\\x9c-end',
      'bidi-\\u{202e}gpj.exe-end',
      'typed-\\\\x1b[31m-end',
    ]) {
      expect(terminal.screen.text).toContain(shown);
    }
    expect(terminal.screen.foreign).toEqual([]);
    // Only sequences of our own: styles, cursor motion, erasing, and the modes of cursor, paste and synchronised output.
    const others = terminal.written().replaceAll(/\x1b\[(?:[0-9;]*[mABCDEGK]|H|0?J|\?(?:25|2004|2026)[hl])/g, '');
    expect(others).not.toMatch(/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    // An escaped character is drawn inverse, the same characters in a name are not.
    expect(terminal.written()).toContain('\x1b[7m\\x1b\x1b[27m]52');
    expect(terminal.written()).toContain('typed-\\\\x1b[31m-end');
  });
});
