/** Audit's word of exit_group: evidence of an end only where the connector is silent. */
import type { EndEvent, ExitCallEvent } from '../lineage-event.ts';
import { latestNs } from './fact-order.ts';
import type { Fact } from './fact-order.ts';

/** Ending takes time: threads are ended, memory is freed, a core is written. */
const endingNs = 30e9;

/** Those that no exit of the connector answers. @param facts of one pid in canonical order */
export function exitCallsThatCount(facts: readonly Fact[]): ReadonlySet<Fact> {
  const calls = facts.filter((fact): fact is ExitCallEvent => fact.kind === 'exitcall');
  if (calls.length === 0) return new Set();
  const exits = facts.filter((fact): fact is EndEvent => fact.kind === 'exit');
  const births = facts.filter((fact) => fact.kind === 'birth');
  return new Set(calls.filter((call) => !isAnswered(call, exits, births)));
}

function isAnswered(call: ExitCallEvent, exits: readonly EndEvent[], births: readonly Fact[]): boolean {
  const exit = exits.find((candidate) => candidate.atNs >= call.atNs);
  if (exit === undefined || exit.atNs > latestNs(call) + endingNs) return false;
  return !births.some((birth) => birth.atNs > latestNs(call) && birth.atNs < exit.atNs);
}
