import { readFileSync } from 'node:fs';
import { messageOf, ModuleError } from '../../src/base/app-error.ts';
import { describeRefusal } from '../../src/linux/audit/describe-refusal.ts';
import { openControl, type AuditControl } from '../../src/linux/audit/open-control.ts';
import type { AuditStatus } from '../../src/linux/audit/status.ts';
import { createMachines, type Machine } from '../../src/linux/audit/syscalls.ts';
import { loadNetlinkPorts, type OpenNetlinkPort } from '../../src/native/netlink-port.ts';

export interface OpenedAudit {
  readonly open: OpenNetlinkPort;
  readonly control: AuditControl;
  readonly status: AuditStatus;
  readonly machine: Machine;
}

/** Throws ModuleError AUDIT_UNAVAILABLE that says what is missing. */
export async function openAudit(): Promise<OpenedAudit> {
  const open = loadNetlinkPorts();
  const machine = Object.entries(createMachines()).find(([arch]) => arch === process.arch)?.[1];
  if (!open || !machine) {
    throw new ModuleError(
      'AUDIT_UNAVAILABLE',
      `audit is read on Linux on x86-64 or arm64, by a Node with node:ffi: this is ${process.platform} on ${process.arch}, Node ${process.version}`,
    );
  }
  let control: AuditControl | undefined;
  try {
    control = openControl(open);
    return { open, control, machine, status: await control.readStatus() };
  } catch (error) {
    control?.[Symbol.dispose]();
    throw explain(error);
  }
}

/** The refusals of the kernel in words; anything else (a full disk) by its own. */
export function explain(error: unknown): Error {
  const reason = describeRefusal(error);
  if (reason === undefined) return error instanceof Error ? error : new Error(messageOf(error));
  return new ModuleError('AUDIT_UNAVAILABLE', `audit cannot be used: ${reason} (${messageOf(error)})`, {
    cause: error,
  });
}

/** Changes with every start of the host. */
export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
