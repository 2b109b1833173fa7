import { spawn } from 'node:child_process';

/** A process of its own that holds something in its memory until it is disposed of. */
export interface Target extends Disposable {
  readonly pid: number;
}

/** Copies of the marker follow each other at a distance that no size of page or window shares: some lie across every border. */
const script = `
  process.stdin.once('data', (line) => {
    const { marker, copies, distance } = JSON.parse(line);
    const memory = Buffer.alloc(Math.max(copies * distance, 65536));
    for (let copy = 0; copy < copies; copy++) memory.write(marker, copy * distance, 'latin1');
    line.fill(0);
    globalThis.memory = memory;
    process.stdout.write('ready');
  });
`;

export async function startTarget(
  marker: string,
  options: { readonly copies?: number; readonly distance?: number } = {},
): Promise<Target> {
  const { copies = 1, distance = 4099 } = options;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(JSON.stringify({ marker, copies, distance }));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}
