import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../../modules/netstat/host.ts';
import { createReadSocketLinks } from '../../../src/linux/proc/read-socket-links.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

/** A tree like /proc, /sys and /etc/passwd, and a script in place of the ip tool. */
export interface FakeHost extends Host, Disposable {
  /** Writes a file of /proc: ("net/tcp", text). */
  readonly write: (path: string, text: string) => void;
  /** Adds a process: its namespace, name, effective user and links of open descriptors. */
  readonly addProcess: (
    pid: number,
    process: {
      readonly namespace: string;
      readonly name?: string;
      readonly uid?: number;
      readonly links?: readonly string[];
    },
  ) => void;
  /** The ip tool becomes this shell script; without it the tool is missing. */
  readonly setIpTool: (script: string) => void;
}

export function createFakeHost(): FakeHost {
  const folder = createTemporaryFolder();
  // A test may look at the tree without the rights of root.
  chmodSync(folder.path, 0o755);
  const procFolder = join(folder.path, 'proc');
  const write = (path: string, text: string): void => {
    mkdirSync(join(procFolder, path, '..'), { recursive: true });
    writeFileSync(join(procFolder, path), text, 'latin1');
  };
  const tool = join(folder.path, 'ip');
  mkdirSync(procFolder);
  writeFileSync(join(folder.path, 'passwd'), 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n');
  return {
    procFolder,
    sysFolder: join(folder.path, 'sys'),
    passwdFile: join(folder.path, 'passwd'),
    // In place of nsenter: forgets the namespace and runs the rest.
    ipTool: { ip: tool, nsenter: tool },
    readLinks: createReadSocketLinks(undefined),
    openNetlink: undefined,
    write,
    addProcess: (pid, { namespace, name = 'x', uid = 0, links = [] }) => {
      write(`${pid}/status`, `Name:\t${name}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
      mkdirSync(join(procFolder, `${pid}/ns`));
      symlinkSync(namespace, join(procFolder, `${pid}/ns/net`));
      mkdirSync(join(procFolder, `${pid}/fd`));
      links.forEach((link, at) => symlinkSync(link, join(procFolder, `${pid}/fd/${at}`)));
    },
    setIpTool: (script) => writeFileSync(tool, `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const headings = {
  tcp: '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  udp: '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
};

/** A table of /proc/net: rows of "LOCAL REMOTE STATE UID INODE" in the kernel's hexadecimal. */
export function socketTable(protocol: 'tcp' | 'udp', rows: readonly string[]): string {
  const lines = rows.map((row, at) => {
    const [local, remote, state, uid, inode] = row.split(' ');
    return `${String(at).padStart(4)}: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 100 0 0 10 0`;
  });
  return `${[headings[protocol], ...lines].join('\n')}\n`;
}

export function arpTable(rows: readonly string[]): string {
  const lines = rows.map((row) => {
    const [ip = '', flags, mac, device] = row.split(' ');
    return `${ip.padEnd(16)} 0x1         ${flags}         ${mac}     *        ${device}`;
  });
  return ['IP address       HW type     Flags       HW address            Mask     Device', ...lines, ''].join('\n');
}
