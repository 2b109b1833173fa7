import { createHash } from 'node:crypto';
import type { Elements, Point } from '../../../modules/persistence/elements.ts';
import { openHost } from '../../../modules/persistence/host.ts';
import { persistence } from '../../../modules/persistence/index.ts';
import type { Params } from '../../../modules/persistence/params.ts';
import { runOn } from '../../../modules/persistence/run.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createHostTree, type HostTree } from '../../helpers/host-tree.ts';
import { createRunContext } from '../../helpers/run-context.ts';

export const nowMs = Date.parse('2026-11-21T12:00:00Z');
export const oldMs = Date.parse('2025-01-01T00:00:00Z');

export interface FakeHost extends HostTree {
  /** Writes files and a package of dpkg that has them, as they are. */
  readonly install: (name: string, files: Readonly<Record<string, string>>, conffiles?: readonly string[]) => void;
  readonly search: (parameters?: unknown, signal?: AbortSignal) => ReturnType<typeof runOn>;
  /** The points found, each as "NAME: COMMANDS [AS, WHEN, STATE]". */
  readonly lines: (parameters: unknown) => Promise<readonly string[]>;
  readonly point: (parameters: unknown) => Promise<Point | undefined>;
}

/** A root folder with two accounts, no packages and nothing that starts. */
export function createFakeHost(options: { readonly hasPackages?: boolean } = {}): FakeHost {
  const tree = createHostTree();
  const status: string[] = [];
  tree.write(
    '/etc/passwd',
    'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\ndaemon:x:1:1::/usr/sbin:/bin/false\n',
  );
  if (options.hasPackages ?? true) tree.write('/var/lib/dpkg/status', '');
  tree.makeFolder('/root', { mode: 0o700 });
  tree.makeFolder('/home/alice', { uid: 1000 });
  const search: FakeHost['search'] = (parameters = {}, signal = new AbortController().signal) =>
    runOn(openHost(tree.path, '6.1.0'), validateParameters(persistence.params, parameters) as Params, {
      ...createRunContext<Elements>(signal),
      clock: { ...systemClock, nowMs: () => nowMs },
    });
  return {
    ...tree,
    install: (name, files, conffiles = []) => {
      const md5 = (content: string): string => createHash('md5').update(content).digest('hex');
      for (const [path, content] of Object.entries(files))
        tree.write(path, content, { mode: path.includes('bin/') ? 0o755 : 0o644, mtimeMs: oldMs });
      const own = Object.entries(files).filter(([path]) => !conffiles.includes(path));
      tree.write(`/var/lib/dpkg/info/${name}.list`, `/.\n${Object.keys(files).join('\n')}\n`);
      tree.write(
        `/var/lib/dpkg/info/${name}.md5sums`,
        own.map(([path, content]) => `${md5(content)}  ${path.slice(1)}\n`).join(''),
      );
      const recorded = conffiles.map((path) => `\n ${path} ${md5(files[path] ?? '')}`).join('');
      status.push(
        `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n${recorded === '' ? '' : `Conffiles:${recorded}\n`}`,
      );
      tree.write('/var/lib/dpkg/status', `${status.join('\n')}\n`);
    },
    search,
    lines: async (parameters) => {
      const { elements } = await search(parameters);
      return elements.points.map(
        ({ name, commands = [], runas, when, state }) =>
          `${name}${commands.length === 0 ? '' : `: ${commands.join(' | ')}`} [${runas}, ${when}, ${state}]`,
      );
    },
    point: async (parameters) => (await search(parameters)).elements.points[0],
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}
