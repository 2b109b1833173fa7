/**
 * The numbers of messages, counted by the kernel for each processor: what is missing in them was lost. They show a loss that the socket does not count: where the kernel finds no
 * memory for a message, it has a number, but no socket. Only where all kinds are heard: a kind that the kernel leaves out has a number, too.
 */
export interface SequenceCheck {
  /** How many messages are missing before this one and not explained. */
  readonly missingBefore: (cpu: number, sequence: number) => number;
  /** So many are known to be lost: they will be missing. */
  readonly explain: (drops: number) => void;
}

/** More processors than Linux can have: what is beyond is not looked at. */
const mostProcessors = 8192;

export function createSequenceCheck(): SequenceCheck {
  const last: number[] = [];
  let explained = 0;
  return {
    missingBefore: (cpu, sequence) => {
      if (cpu < 0 || cpu >= mostProcessors) return 0;
      const before = last[cpu];
      last[cpu] = sequence;
      const missing = before === undefined ? 0 : (sequence - before - 1) | 0;
      // Negative: a number that comes twice, or goes back. The kernel does neither.
      if (missing <= 0) return 0;
      const known = Math.min(missing, explained);
      explained -= known;
      return missing - known;
    },
    explain: (drops) => {
      explained += drops;
    },
  };
}
