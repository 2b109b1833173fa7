import { describe, expect, test } from 'vitest';
import { followFile, followProcess } from '../../../src/module/pivot.ts';

describe('a process', () => {
  test('is followed by its number, in the life that the run saw', () => {
    const looked = { finishedat: '2026-11-21T10:00:05.000Z', exectime: '2.5s' };
    expect(followProcess(812, 'sshd[812]', looked)).toEqual([
      {
        kind: 'pid',
        value: '812',
        label: 'sshd[812]',
        module: 'lineage',
        flags: ['-pid', '812', '-from', '2026-11-21T10:00:01.500Z', '-until', '2026-11-21T10:00:06.000Z'],
        isOfAgent: true,
      },
    ]);
  });

  test.each([null, {}, { finishedat: 'x', exectime: '1s' }, { finishedat: '2026-11-21T10:00:05Z', exectime: 'x' }])(
    'is followed by its number alone where the run does not say when it looked: %j',
    (looked) => {
      expect(followProcess(7, 'x', looked)[0]?.flags).toEqual(['-pid', '7']);
    },
  );

  test.each([undefined, 0, -1, 1.5, Number.NaN, 2 ** 60])('is no process: %j', (pid) => {
    expect(followProcess(pid, 'x')).toEqual([]);
  });
});

describe('a file', () => {
  test('is followed by its path, on every agent that has it', () => {
    expect(followFile('/etc/a b', 'a label')).toEqual([
      {
        kind: 'path',
        value: '/etc/a b',
        label: 'a label',
        module: 'lineage',
        flags: ['-wrote', '/etc/a b'],
        isOfAgent: false,
      },
    ]);
  });

  test.each([undefined, '', 'masked', '/home/masked/.ssh/id', 'etc/passwd', '[kernel]'])('is none: %j', (path) => {
    expect(followFile(path)).toEqual([]);
  });
});
