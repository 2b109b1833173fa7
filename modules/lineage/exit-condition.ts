/** How a process ended, as it is asked for: "1" (its code), "KILL" or "SIGKILL" (the signal that ended it), "core". */
import { constants } from 'node:os';

export type ExitCondition =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly name: string }
  | { readonly kind: 'core' };

const signalsOfLinux =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

export function parseExitCondition(text: string): ExitCondition | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? { kind: 'code', code: Number(text) } : undefined;
  const word = text.toUpperCase();
  if (word === 'CORE') return { kind: 'core' };
  const name = word.replace(/^SIG/, '');
  return signalsOfLinux.includes(name) || /^RT\d{1,2}$/.test(name) ? { kind: 'signal', name } : undefined;
}

export function checkExitCondition(text: string): string | undefined {
  if (parseExitCondition(text)) return undefined;
  return `expected a code from 0 to 255, a signal such as KILL, or core, got ${JSON.stringify(text.slice(0, 100))}`;
}

/** "KILL"; of the real-time ones "RT34". The numbers are those of the endpoint. */
export function nameSignal(signal: number): string {
  const found = Object.entries(constants.signals).find(
    ([name, number]) => number === signal && signalsOfLinux.includes(name.slice(3)),
  );
  return found ? found[0].slice(3) : `RT${signal}`;
}
