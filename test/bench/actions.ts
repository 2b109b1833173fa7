import { resolve } from 'node:path';
import { median, printFigure, timeCommand } from './measure.ts';

const root = resolve(import.meta.dirname, '../..');
const rounds = 3;

/**
 * What MIG's agent took for the whole file with -i on a Debian host (in seconds, the least where a span was told); undefined where nobody wrote it down.
 * The trees that they search are this host's, so that the ratios say an order of magnitude.
 */
const files: Readonly<Record<string, number | undefined>> = {
  'glibc_ubuntu_cve-2015-0235.json': undefined,
  'integration_tests.json': undefined,
  'sshd_backdoor.json': undefined,
  'shellshock_iocs.json': 95,
  'suspicious_files.json': 90,
};

/** Action files from the field, run whole by `gumshoe-agent -i`. example_v2 is left out: it names a process to destroy. */
export async function benchActions(): Promise<void> {
  for (const [name, migSeconds] of Object.entries(files)) {
    const path = resolve(root, 'test/fixtures/actions', name);
    const ms = median(await timeCommand(resolve(root, 'bin/gumshoe-agent'), ['-i', path], { runs: rounds }));
    const against =
      migSeconds === undefined
        ? 'MIG: no figure'
        : `MIG ${migSeconds} s: ${((migSeconds * 1000) / ms).toFixed(1)} times as fast`;
    printFigure(name, `${(ms / 1000).toFixed(2)} s`, against);
  }
}
