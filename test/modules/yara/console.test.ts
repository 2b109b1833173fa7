/** The rules come from a file of the console's host, by flags and by questions. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../../helpers/run-program.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { createTestConsole } from '../../helpers/test-console.ts';

const rule = 'rule root {\n strings: $a = "root:"\n condition: $a at 0\n}\n';

const squeeze = (lines: readonly string[]): readonly string[] => lines.map((text) => text.replaceAll(/ +/g, ' '));

test('flags of a draft: a file that cannot be read is named, the next one is taken, an edit keeps its rules', async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'a rule.yar');
  writeFileSync(path, rule);
  const screen = createTestConsole();
  await screen.type('create action', `add yara -rules '${folder.path}/none' -path /etc`);
  expect(screen.errors[0]).toBe(`expected a text file, got ${folder.path}/none: ENOENT: no such file or directory`);
  const said = await screen.type(`add yara -rules '${path}' -path /etc -name '^passwd$'`);
  expect(squeeze(said)).toEqual([
    'operation 1: yara',
    ' yara rule root { ... (4 lines, 56 characters)',
    ' maxsize 256 MiB',
    ' timeout 10 seconds',
    ' path /etc',
    ' name ^passwd$',
    ' maxdepth 1000 levels of directories',
    ' maxerrors 30 errors',
    ' matchall true',
  ]);
  writeFileSync(path, 'rule other { condition: true }');
  expect(squeeze(await screen.type('edit 1 -timeout 5'))).toContain(' yara rule root { ... (4 lines, 56 characters)');
  expect(squeeze(await screen.type(`edit 1 -rules '${path}'`))).toContain(' yara rule other { condition: true }');
});

test('questions: a wrong path is asked for again', async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'r.yar');
  writeFileSync(path, rule);
  const answers = ['rules', '/none', path, 'path', '/etc', 'name', '^passwd$', 'done', 'add'];
  const screen = createTestConsole({ answers });
  const said = await screen.type('create action', 'add yara');
  expect(said).toContain('expected a text file, got /none: ENOENT: no such file or directory');
  expect(said).toContain('operation 1: yara');
});

test('one command: rules of a file, files in the form of MIG', async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'r.yar');
  writeFileSync(path, rule);
  const args = ['yara', '-rules', path, '-files', '-path /etc -name ^passwd$ -maxdepth 1'];
  const { status, stdout } = await runProgram('gumshoe', args, { env: { GUMSHOE_HOME: folder.path } });
  expect(stdout).toMatch(/^\S+ \/etc\/passwd \[root\]\n$/);
  expect(status).toBe(0);
});
