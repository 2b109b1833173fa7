import { spawnSync } from 'node:child_process';

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

/** Whether this host has iproute2. */
export function hasIpTool(): boolean {
  return spawnSync('ip', ['-Version'], { env: environment }).status === 0;
}

/** A network namespace of this test alone, removed when it ends; undefined where the test may not make one. */
export function createNetworkNamespace(): (Disposable & { readonly name: string }) | undefined {
  const name = `gumshoe-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  if (!hasIpTool() || !ip('netns', 'add', name)) return undefined;
  return { name, [Symbol.dispose]: () => void ip('netns', 'delete', name) };
}

/** Runs the tool with these words; true when it succeeded. */
export function ip(...words: readonly string[]): boolean {
  return spawnSync('ip', words, { env: environment }).status === 0;
}
