import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFakeLink } from '../../helpers/fake-link.ts';
import { createTestConsole } from '../../helpers/test-console.ts';

async function candidates(console: ReturnType<typeof createTestConsole>, line: string): Promise<readonly string[]> {
  return (await console.program.complete(line, line.length)).candidates.map(({ text }) => text);
}

describe('Tab', () => {
  test('completes the commands of the mode, and nothing of another', async () => {
    const screen = createTestConsole();
    expect(await candidates(screen, 'cre')).toEqual(['create']);
    expect(await candidates(screen, 'laun')).toEqual([]);
    expect(await candidates(screen, 'create a')).toEqual(['action']);
    await screen.type('create action');
    expect(await candidates(screen, 'laun')).toEqual(['launch']);
  });

  test('completes modules, their flags and the values of these', async () => {
    const screen = createTestConsole();
    await screen.type('create action');
    expect(await candidates(screen, 'add ne')).toEqual(['netstat']);
    expect(await candidates(screen, 'add file -na')).toEqual(['-name']);
    expect(await candidates(screen, 'add file -path /et')).toContain('/etc/');
    expect(await candidates(screen, 'help fil')).toEqual(['file']);
  });

  test('completes agents, actions and commands by what they are called', async () => {
    const link = createFakeLink('local', { onDispatch: (one) => one.report({ kind: 'done', status: 'success' }) });
    const screen = createTestConsole({ links: [link], answers: [true] });
    await screen.type('create action', 'name who', 'target local', 'add example -gethostname', 'launch');
    expect(await candidates(screen, 'action ')).toEqual(['1']);
    expect((await screen.program.complete('action ', 7)).candidates[0]?.hint).toBe('who');
    expect(await candidates(screen, 'command ')).toEqual(['1.1']);
    expect(await candidates(screen, 'agent w')).toEqual(['web-01']);
    expect(await candidates(screen, 'results --format js')).toEqual(['json', 'jsonl']);
    expect(await candidates(screen, 'search action where sta')).toEqual(['status=']);
  });

  test('completes files of this host, quoted where they need it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gumshoe-complete-'));
    writeFileSync(join(folder, 'my action.json'), '{}');
    mkdirSync(join(folder, 'sub'));
    const screen = createTestConsole();
    const { from, candidates: found } = await screen.program.complete(`load ${folder}/`, `load ${folder}/`.length);
    expect(from).toBe(5);
    expect(found.map(({ text }) => text)).toEqual([`'${folder}/my action.json'`, `${folder}/sub/`]);
    rmSync(folder, { recursive: true });
  });

  test('replaces the word at the cursor, whatever stands behind it', async () => {
    const screen = createTestConsole();
    expect(await screen.program.complete('cre action', 3)).toMatchObject({ from: 0, candidates: [{ text: 'create' }] });
    expect(await screen.program.complete('nonsense x', 10)).toEqual({ from: 9, candidates: [] });
  });
});
