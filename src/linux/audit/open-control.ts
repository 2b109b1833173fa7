/** Asks and changes the kernel's audit. Never sets its pid, never deletes all rules: auditd and the rules of others stay as they are. */
import { setTimeout } from 'node:timers/promises';
import type { NetlinkPort, OpenNetlinkPort } from '../../native/netlink-port.ts';
import { createSystemError } from '../../native/system-error.ts';
import { readRule, type ListedRule } from './encode-rule.ts';
import { encodeRequest, NETLINK_AUDIT, parseAnswers, requests, type Answer } from './messages.ts';
import { encodeStatusChange, parseStatus, type AuditStatus, type StatusChange } from './status.ts';

/** A thread of the kernel answers, at once unless the host is very busy. */
const answerMs = 5000;
const ETIMEDOUT = 110;
const EPROTO = 71;

export interface AuditControl extends Disposable {
  /** All of these throw a system error: EPERM without CAP_AUDIT_CONTROL or where audit is locked, ECONNREFUSED where it is not there. */
  readonly readStatus: () => Promise<AuditStatus>;
  readonly setStatus: (change: StatusChange) => Promise<void>;
  readonly listRules: () => Promise<readonly ListedRule[]>;
  /** False where the very same rule is there already. */
  readonly addRule: (rule: Uint8Array) => Promise<boolean>;
  /** False where it is not there. */
  readonly deleteRule: (rule: Uint8Array) => Promise<boolean>;
}

/** Throws a system error. */
export function openControl(open: OpenNetlinkPort): AuditControl {
  // A list of rules comes in one burst.
  const port = open({ protocol: NETLINK_AUDIT, receiveBufferBytes: 1024 * 1024 });
  const ask = createAsker(port);
  const isDone = async (type: number, rule: Uint8Array, except: string): Promise<boolean> => {
    try {
      await ask(type, rule, 'acknowledged');
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === except) return false;
      throw error;
    }
  };
  return {
    readStatus: async () => {
      const [payload] = await ask(requests.getStatus, undefined, 'payload');
      const status = payload && parseStatus(payload);
      if (!status) throw createSystemError('audit status', EPROTO);
      return status;
    },
    setStatus: async (change) => {
      await ask(requests.setStatus, encodeStatusChange(change), 'acknowledged');
    },
    listRules: async () => {
      const payloads = await ask(requests.listRules, undefined, 'done');
      return payloads.map(readRule).filter((rule) => rule !== undefined);
    },
    addRule: (rule) => isDone(requests.addRule, rule, 'EEXIST'),
    deleteRule: (rule) => isDone(requests.deleteRule, rule, 'ENOENT'),
    [Symbol.dispose]: () => port[Symbol.dispose](),
  };
}

type Ask = (type: number, payload: Uint8Array | undefined, until: Answer['kind']) => Promise<readonly Buffer[]>;

/** One request after another. An answer may come before its acknowledgement, and late ones of a request that was given up are passed over. */
function createAsker(port: NetlinkPort): Ask {
  let sequence = 0;
  let last: Promise<unknown> = Promise.resolve();
  const ask: Ask = async (type, payload, until) => {
    const own = ++sequence;
    const payloads: Buffer[] = [];
    let isAcknowledged = false;
    let isEnded = until === 'acknowledged';
    port.send(encodeRequest(type, own, payload));
    for (const endMs = performance.now() + answerMs; performance.now() < endMs;) {
      const bytes = port.receive();
      for (const answer of bytes ? parseAnswers(bytes) : []) {
        if (answer.sequence !== own) continue;
        if (answer.kind === 'acknowledged') {
          if (answer.errno !== 0) throw createSystemError(`audit request ${type}`, answer.errno);
          isAcknowledged = true;
        }
        if (answer.kind === 'payload') payloads.push(Buffer.from(answer.payload));
        if (answer.kind === until) isEnded = true;
      }
      if (isAcknowledged && isEnded) return payloads;
      if (!bytes) await setTimeout(1);
    }
    throw createSystemError(`audit request ${type}`, ETIMEDOUT);
  };
  return (type, payload, until) => {
    const answer = last.then(() => ask(type, payload, until));
    last = answer.catch(() => undefined);
    return answer;
  };
}
