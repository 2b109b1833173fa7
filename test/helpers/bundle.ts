import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

export interface Bundle {
  /** Path of the program. */
  readonly path: string;
  readonly remove: () => void;
}

/** Bundles a program of the tests the way the shipped ones are, into a temporary folder. */
export async function bundleProgram(entry: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-bundle-'));
  const build = await rolldown({
    input: { main: entry },
    platform: 'node',
    logLevel: 'silent',
    external: ['react-devtools-core'],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await build.close();
  return { path: join(folder, 'main.mjs'), remove: () => rmSync(folder, { recursive: true }) };
}
