import { messageOf } from '../../src/base/app-error.ts';
import { explainRefusal } from '../../src/monitor/stream/explain-refusal.ts';
import { subscribe, unsubscribe } from '../../src/monitor/stream/subscribe.ts';
import { loadConnector } from '../../src/native/connector-socket.ts';

/** True where tests cannot hear the host's processes, or make what they hear: says why, once. */
export function lacksProcessEvents(): boolean {
  const reason = findReason();
  if (reason !== undefined) process.stderr.write(`skipped, the tests that hear processes: ${reason}\n`);
  return reason !== undefined;
}

function findReason(): string | undefined {
  if (process.geteuid?.() !== 0) return 'they need root';
  const port = loadConnector();
  if (!port) return 'they need Linux and node:ffi';
  try {
    unsubscribe(subscribe({ port, receiveBufferBytes: 65_536, mask: undefined, leftOutBy: 'filter' }).socket);
    return undefined;
  } catch (error) {
    return messageOf(explainRefusal(error));
  }
}
