import { config } from '../../../modules/dispatch/config.ts';
import type { Elements } from '../../../modules/dispatch/elements.ts';
import { persist } from '../../../modules/dispatch/persist.ts';
import { systemClock } from '../../../src/base/clock.ts';

export interface RunningDispatch extends AsyncDisposable {
  readonly give: (n: number, message?: string) => Promise<void>;
  readonly elements: () => Promise<Elements>;
  readonly stop: () => Promise<void>;
  readonly logs: string[];
  readonly alerts: unknown[];
}

/** The module in this process, with a section of its configuration. */
export async function startDispatch(folder: string, section: object): Promise<RunningDispatch> {
  const logs: string[] = [];
  const alerts: unknown[] = [];
  const signal = new AbortController().signal;
  const handlers = await persist({
    config: config.parse(section),
    host: { hostname: 'here', environment: { os: 'linux' }, tags: { a: 'b' } },
    extraPrivacy: false,
    log: (message) => void logs.push(message),
    alert: (message) => void alerts.push(message),
    event: () => undefined,
    signal,
    clock: systemClock,
    stateFolder: folder,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= handlers.stop?.() ?? Promise.resolve());
  return {
    give: async (n, message = JSON.stringify({ severity: 'low', alert: `alert ${n}` })) => {
      await handlers.handleAlert?.({ n, module: 'fswatch', at: '2026-11-21T10:00:00.000Z', message });
    },
    elements: async () => (await handlers.query({}, { signal })).elements,
    stop,
    logs,
    alerts,
    [Symbol.asyncDispose]: stop,
  };
}
