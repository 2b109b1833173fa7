import type {
  OpenProcessStream,
  ProcessStreamOptions,
  StreamHealth,
  StreamItem,
} from '../../../../src/monitor/process-stream.ts';

/** A stream that tells what a test says. */
export function createFakeStream(refusal?: Error) {
  let options: ProcessStreamOptions | undefined;
  let isStarted = false;
  const health: { -readonly [Name in keyof StreamHealth]: StreamHealth[Name] } = {
    isHealthy: false,
    reason: undefined,
    receiveBufferBytes: 1,
    hasMask: true,
    events: 0,
    gaps: 0,
    drops: 0,
    rejected: 0,
    reopened: 0,
    reopenFailed: 0,
    waiting: 0,
  };
  const openStream: OpenProcessStream = (given) => {
    options = given;
    return {
      start: async () => {
        if (refusal) throw refusal;
        isStarted = true;
        health.isHealthy = true;
      },
      stop: async () => {
        isStarted = false;
        health.isHealthy = false;
      },
      health: () => ({ ...health }),
    };
  };
  return {
    openStream,
    health,
    isStarted: () => isStarted,
    kinds: () => options?.kinds,
    tell: (...items: readonly StreamItem[]) => options?.onItems(items),
    setHealth: (isHealthy: boolean, reason?: string) => {
      Object.assign(health, { isHealthy, reason });
      options?.onHealth?.({ ...health });
    },
  };
}
