/** MIG's {"ok": true}, and how the reading goes. Counts are since the module's start. */
export interface Elements {
  readonly ok: boolean;
  /** Of the kernel: 0 off, 1 on, 2 on and locked until the next boot. */
  readonly enabled: number;
  /** Rules of this agent that the kernel has now. */
  readonly rules: number;
  /** Rules of others that say the same as one of ours: left as they are, their events are taken. */
  readonly rulesthere: number;
  /** The process that has the kernel's own stream (auditd); 0 = none. */
  readonly auditd: number;
  readonly events: number;
  readonly alerts: number;
  /** Events that would have been alerts, were it not for the rate limit. */
  readonly leftout: number;
  /** Serials that never came, in how many gaps. */
  readonly missing: number;
  readonly gaps: number;
  /** Events whose last record never came. */
  readonly incomplete: number;
  /** How often the kernel found the buffer full. */
  readonly overruns: number;
  /** What the kernel says that it lost, for all its readers. */
  readonly lost: number;
  /** Messages that were no records. */
  readonly unknown: number;
  /** Bytes that may wait for this process. */
  readonly buffer: number;
  readonly backloglimit: number;
  /** Only when asked for: as auditctl would list them. */
  readonly rulelist?: readonly string[];
  /** Only when asked for, newest first. */
  readonly recent?: readonly { readonly timestamp: string; readonly text: string }[];
}

export type Statistics = null;
