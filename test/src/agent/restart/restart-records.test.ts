import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRestartRecords } from '../../../../src/agent/restart/restart-records.ts';
import { resumeReports, trimReports } from '../../../../src/agent/restart/resume-reports.ts';
import type { NumberedReport } from '../../../../src/agent/action-table.ts';
import { maxReportJump } from '../../../../src/protocol/frame.ts';
import { failedResult } from '../../../../src/protocol/result.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { createRecord } from './create-record.ts';

const open = (folder: string, logged: string[] = []) => {
  const note = (message: string): void => void logged.push(message);
  const path = join(folder, 'state/restarts.db');
  return openRestartRecords({ path, clock: { nowMs: () => 7 }, log: { info: note, warn: note, error: note } });
};

test('a record is found again by whoever opens the file, readable by its owner alone', () => {
  using folder = createTemporaryFolder();
  const records = open(folder.path);
  const record = createRecord({ state: 'stopping', helper: { pid: 600, startTicks: 6 } });
  records.add(record);
  const others = open(folder.path);
  expect(others.find('a:0')).toEqual(record);
  expect(others.unfinished()).toEqual([record]);
  expect(others.since(1_000_000)).toEqual([record]);
  expect(others.since(1_000_001)).toEqual([]);
  expect(() => others.add(record)).toThrow(/UNIQUE.*, in \/.*\/state$/);
  expect(statSync(join(folder.path, 'state/restarts.db')).mode & 0o777).toBe(0o600);
  records.close();
  others.close();
});

test('of refusals and of verdicts only the newest are kept; what is under way stays', () => {
  using folder = createTemporaryFolder();
  const records = open(folder.path);
  records.add(createRecord({ id: 'under way', requestedAtMs: 0 }));
  for (let n = 1; n <= 210; n++)
    records.add(createRecord({ id: `${n}`, state: 'failed', isRefused: true, requestedAtMs: n }));
  expect(records.find('10')).toBeUndefined();
  expect(records.find('11')).toBeDefined();
  expect(records.find('under way')).toBeDefined();
  records.close();
});

test('A15: a damaged file is set aside, and so is one with a row that cannot be read', () => {
  using folder = createTemporaryFolder();
  const logged: string[] = [];
  open(folder.path).close();
  const records = open(folder.path, logged);
  records.add(createRecord());
  records.close();
  const path = join(folder.path, 'state/restarts.db');
  writeFileSync(path, 'garbage '.repeat(1000));
  const again = open(folder.path, logged);
  expect(again.unfinished()).toEqual([]);
  again.close();
  expect(logged).toEqual(['restarts: the file of the records was damaged and is set aside']);
  expect(readdirSync(join(folder.path, 'state')).toSorted()).toEqual(['restarts.db', 'restarts.db.damaged-7']);
});

test('A15: a folder that cannot be made is an error of each call, not of the opening', () => {
  const records = openRestartRecords({
    path: '/proc/nothing/restarts.db',
    clock: { nowMs: () => 7 },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  expect(() => records.add(createRecord())).toThrow(/ENOENT/);
  expect(() => records.find('x')).toThrow(/ENOENT/);
  records.close();
});

const accepted: NumberedReport = { n: 1, report: { kind: 'accepted' } };
const result = (n: number, operation: number, text = 'r'): NumberedReport => ({
  n,
  report: { kind: 'result', operation, status: 'success', partial: false, durationMs: 1, result: failedResult([text]) },
});
const action = { ref: 'a', operation: 1, operations: 3 };

test('A14: after an agent that left by itself the numbers go on, and every other operation has a result', () => {
  const resumed = resumeReports({ reports: [accepted, result(2, 0)], leftMonoMs: 5 }, action);
  expect(
    resumed.map(({ n, report }) => [n, report.kind, 'operation' in report ? report.operation : undefined]),
  ).toEqual([
    [1, 'accepted', undefined],
    [2, 'result', 0],
    [3, 'inProgress', 1],
    [4, 'result', 2],
  ]);
  expect(resumed.at(-1)?.report).toMatchObject({
    status: 'failed',
    result: { errors: ['the agent was restarted before it ended'] },
  });
});

test('A14: after one that died they go on far behind what it may have told', () => {
  const resumed = resumeReports(
    { reports: [accepted], leftMonoMs: undefined },
    { ...action, operations: 1, operation: 0 },
  );
  expect(resumed.map(({ n }) => n)).toEqual([1, 500_002]);
  expect(500_002 - 1).toBeLessThan(maxReportJump);
});

test('a record holds no streamed findings that stand in a result, and of results that are too large the end alone', () => {
  const hits: NumberedReport = { n: 2, report: { kind: 'hits', operation: 0, elements: ['x'] } };
  expect(trimReports([accepted, hits, result(3, 0)])).toEqual([accepted, result(3, 0)]);
  const [, large] = trimReports([accepted, result(2, 0, 'x'.repeat(17 * 1024 * 1024))]);
  expect(large).toMatchObject({ n: 2, report: { kind: 'result', status: 'failed', partial: true } });
});
