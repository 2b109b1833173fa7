/** Between two homes, and between two units, whoever reads may look whether a stop has come. */
import { expect, test } from 'vitest';
import type { HostFiles } from '../../../../src/linux/host/host-files.ts';
import { readAutostart, readDbus } from '../../../../src/linux/startup/read-desktop.ts';
import { readMail } from '../../../../src/linux/startup/read-mail.ts';
import { readShellProfiles } from '../../../../src/linux/startup/read-shell-profiles.ts';
import { readSsh } from '../../../../src/linux/startup/read-ssh.ts';
import { readTimers, readUnits } from '../../../../src/linux/startup/read-units.ts';
import type { StartReader } from '../../../../src/linux/startup/start-point.ts';
import { createHostTree } from '../../../helpers/host-tree.ts';

/** Files that count how often they are asked. */
function countCalls(files: HostFiles): { readonly files: HostFiles; readonly calls: () => number } {
  let calls = 0;
  const counted =
    <Result>(read: (path: string) => Result) =>
    (path: string): Result => {
      calls++;
      return read(path);
    };
  return {
    calls: () => calls,
    files: {
      ...files,
      list: counted(files.list),
      readText: counted(files.readText),
      lstat: counted(files.lstat),
      stat: counted(files.stat),
      readLink: counted(files.readLink),
    },
  };
}

test.each<[string, StartReader]>([
  ['units', readUnits],
  ['timers', readTimers],
  ['profiles', readShellProfiles],
  ['autostart', readAutostart],
  ['D-Bus', readDbus],
  ['SSH', readSsh],
  ['mail', readMail],
])('%s: no more than a hundred questions at a stretch, however many homes and units there are', (_, read) => {
  using tree = createHostTree();
  for (let at = 0; at < 300; at++) tree.write(`/etc/systemd/system/s${at}.service`, '[Service]\nExecStart=/bin/x\n');
  const { files, calls } = countCalls(tree.files);
  const accounts = Array.from({ length: 300 }, (_, at) => ({ name: `u${at}`, uid: at, home: `/home/u${at}` }));
  for (const { home } of accounts) tree.write(`${home}/.config/systemd/user/x.service`, '[Service]\n');
  const logins = accounts.map((account) => ({ ...account, groups: [] }));
  const host = { files, accounts, logins, names: new Map(), lacksAccount: () => false, kernel: '6.1.0' };
  let [before, most] = [0, 0];
  for (const point of read(host)) {
    void point;
    most = Math.max(most, calls() - before);
    before = calls();
  }
  expect(Math.max(most, calls() - before)).toBeLessThan(100);
});
