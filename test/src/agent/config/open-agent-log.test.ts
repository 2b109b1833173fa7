import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAgentLog, type AgentLog } from '../../../../src/agent/config/open-agent-log.ts';
import type { AgentLogConfig } from '../../../../src/agent/config/agent-config.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const nowMs = (): number => 0;
const time = '1970-01-01T00:00:00.000Z';

function openIn(folder: string, config: Partial<AgentLogConfig> = {}): AgentLog {
  return openAgentLog({ level: 'info', format: 'json', file: join(folder, 'a.log'), ...config }, { nowMs });
}

test('json: one object a line, appended, for its owner alone', () => {
  using folder = createTemporaryFolder();
  const file = join(folder.path, 'a.log');
  for (const message of ['one', 'two']) {
    const log = openIn(folder.path);
    log.info(message, { uid: 0, text: 'a\nb' });
    log.close();
  }
  expect(readFileSync(file, 'utf8')).toBe(
    `{"time":"${time}","level":"info","message":"one","uid":0,"text":"a\\nb"}\n{"time":"${time}","level":"info","message":"two","uid":0,"text":"a\\nb"}\n`,
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('text: lines for people, in which hostile text shows', () => {
  using folder = createTemporaryFolder();
  const log = openIn(folder.path, { format: 'text' });
  log.warn('module ended', { module: 'fswatch', reason: 'signal 9', pid: 7, nothing: undefined });
  log.error('bad \u001b[31m\nname', { path: '/a\u202eb', list: ['x'] });
  log.close();
  expect(readFileSync(join(folder.path, 'a.log'), 'utf8')).toBe(
    `${time} warn  module ended module=fswatch reason="signal 9" pid=7\n${time} error bad \\x1b[31m\\nname path=/a\\u{202e}b list=["x"]\n`,
  );
});

test('lines below the level are left out', () => {
  using folder = createTemporaryFolder();
  const log = openIn(folder.path, { level: 'warn', format: 'text' });
  log.info('a');
  log.warn('b');
  log.close();
  expect(readFileSync(join(folder.path, 'a.log'), 'utf8')).toBe(`${time} warn  b\n`);
});

test('a file that was moved away is made anew when it is opened again', () => {
  using folder = createTemporaryFolder();
  const file = join(folder.path, 'a.log');
  const log = openIn(folder.path, { format: 'text' });
  log.info('old');
  renameSync(file, `${file}.1`);
  log.info('still old');
  log.reopen();
  log.info('new');
  log.close();
  expect(readFileSync(`${file}.1`, 'utf8')).toBe(`${time} info  old\n${time} info  still old\n`);
  expect(readFileSync(file, 'utf8')).toBe(`${time} info  new\n`);
});

test('when it cannot be opened again the old one is kept, and says so', () => {
  using folder = createTemporaryFolder();
  const log = openIn(folder.path, { format: 'text' });
  rmSync(folder.path, { recursive: true });
  expect(() => log.reopen()).not.toThrow();
  log.close();
});

test('a full disk loses lines, not the agent, and they are counted', () => {
  const written: string[] = [];
  let room = Infinity;
  const log = openAgentLog(
    { level: 'info', format: 'text', file: undefined },
    {
      nowMs,
      write: (_descriptor, bytes) => {
        if (room === 0) throw new Error('ENOSPC: no space left on device, write');
        const size = Math.min(room, bytes.length);
        room -= size;
        written.push(Buffer.from(bytes.subarray(0, size)).toString());
        return size;
      },
    },
  );
  room = 32;
  log.info('first is cut');
  log.info('second');
  log.info('third');
  room = Infinity;
  log.info('fourth');
  log.info('fifth');
  expect(written.join('')).toBe(
    `${time} info  f\n${time} warn  lines of this log could not be written count=3 reason="ENOSPC: no space left on device, write"\n${time} info  fourth\n${time} info  fifth\n`,
  );
});

test('values that JSON cannot hold, or that are too large, cost themselves alone', () => {
  using folder = createTemporaryFolder();
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const log = openIn(folder.path);
  log.info('circle', circle);
  log.info('large', { text: 'x'.repeat(100_000) });
  log.close();
  const lines = readFileSync(join(folder.path, 'a.log'), 'utf8').trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { readonly message: string }).message)).toEqual(['circle', 'large']);
});

test.each(['/nonexistent/a.log', '/dev/null', '/'])('%s is refused as a log', (file) => {
  expect(() => openAgentLog({ level: 'info', format: 'json', file }, { nowMs })).toThrow(
    expect.objectContaining({ code: 'LOG_UNWRITABLE' }),
  );
});
