import { errnoOf } from '../errno.ts';

const rights =
  'the kernel refuses it: it needs root in the initial namespaces, with CAP_AUDIT_CONTROL and CAP_AUDIT_READ';
const reasons: Readonly<Record<string, string>> = {
  EPERM: rights,
  EACCES: rights,
  ECONNREFUSED: `${rights}, on a host that was not booted with audit=0`,
  EPROTONOSUPPORT: 'this kernel was made without it',
  EAFNOSUPPORT: 'this kernel was made without it',
  ETIMEDOUT: 'the kernel does not answer',
};

/** Why the kernel refuses audit, for people; undefined for any other error. */
export function describeRefusal(error: unknown): string | undefined {
  return reasons[errnoOf(error) ?? ''];
}
