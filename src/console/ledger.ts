/** Where every targeted agent stands with an action: the states add up to the number that was targeted. */
import { line, type Line } from '../module/line.ts';
import type { StoredCommand } from '../store/commands.ts';

const ledgerStates = [
  'sent',
  'running',
  'success',
  'failed',
  'refused',
  'timed out',
  'expired',
  'silent',
  'cancelled',
] as const;

/**
 * `sent`: asked, and nothing was heard yet; `silent`: nothing was heard until the action expired; `refused`: the agent would not run it, and said why. The
 * others are MIG's.
 */
export type LedgerState = (typeof ledgerStates)[number];

export function ledgerState({ status, refused, hasAnswered }: StoredCommand): LedgerState {
  switch (status) {
    case 'sent':
      return hasAnswered ? 'running' : 'sent';
    case 'failed':
      return refused ? 'refused' : 'failed';
    case 'timeout':
      return 'timed out';
    case 'expired':
      return hasAnswered ? 'expired' : 'silent';
    default:
      return status;
  }
}

/** "5 agents: 3 success, 1 failed, 1 silent; 1 answered late" */
export function describeLedger(commands: readonly StoredCommand[]): Line {
  const counts = new Map<LedgerState, number>();
  for (const command of commands) {
    const state = ledgerState(command);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const said = ledgerStates.filter((state) => counts.has(state)).map((state) => `${counts.get(state)} ${state}`);
  const late = commands.filter((command) => command.late).length;
  return line(
    `${commands.length} agent${commands.length === 1 ? '' : 's'}: ${said.join(', ')}${late > 0 ? `; ${late} answered late` : ''}`,
  );
}
