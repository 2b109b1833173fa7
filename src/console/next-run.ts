/** What reports, lost agents and time do to the running actions. */
import { formatDuration } from '../base/go-format.ts';
import { line, type Line } from '../module/line.ts';
import type { Step } from './command.ts';
import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import type { State } from './state.ts';
import { endCommand, hasEnded, nextTally, toFollowSnapshot, withHits, type Tally } from './tally.ts';

/** MIG's: answers are waited for a little longer than the action is valid. */
const graceMs = 10_000;

type RunEvent = Event & { readonly kind: 'reported' | 'hitsShown' | 'commandEnded' | 'ticked' };

export function nextRun(state: State, event: RunEvent): Step {
  if (event.kind === 'ticked') return tick(state, event.nowMs);
  const tally = state.running.get(event.action);
  if (!tally) return [state, event.kind === 'reported' ? announceLate(event) : []];
  if (event.kind === 'hitsShown') return [withTally(state, event.action, withHits(tally, event.lines)), []];
  if (event.kind === 'commandEnded') {
    const [after, effects] = settle(state, event.action, endCommand(tally, event.n, event.status, event.nowMs));
    const agent = tally.commands[event.n - 1]?.agent ?? '';
    const said = line(`${agent} did not succeed, status=${event.status}: ${event.reason}`, 'error');
    return [after, [{ kind: 'print', lines: [said] }, ...effects]];
  }
  const { report, action } = event;
  const [after, effects] = settle(state, action, nextTally(tally, event.n, report, event.nowMs));
  if (report.kind === 'refused') {
    const said = `${event.agent} refused action ${action}: ${report.error.message}`;
    return [after, [{ kind: 'print', lines: [line(said, 'error'), line(report.error.hint, 'quiet')] }, ...effects]];
  }
  if (report.kind === 'inProgress') {
    return [after, [{ kind: 'print', lines: [line(`${event.agent}: ${report.text} ...`)] }, ...effects]];
  }
  if (report.kind !== 'hits') return [after, effects];
  const { operation, elements } = report;
  return [after, [{ kind: 'showHits', action, agent: event.agent, operation, elements }, ...effects]];
}

function withTally(state: State, action: number, tally: Tally): State {
  return { ...state, running: new Map([...state.running, [action, tally]]) };
}

/** Keeps the tally, or ends the action when its last command has ended. */
function settle(state: State, action: number, tally: Tally): Step {
  if (!hasEnded(tally)) return [withTally(state, action, tally), []];
  const running = new Map([...state.running].filter(([id]) => id !== action));
  const isCancelled = tally.commands.some(({ status }) => status === 'cancelled');
  return [
    { ...state, running, following: state.following === action ? undefined : state.following },
    [
      { kind: 'finishAction', action, status: isCancelled ? 'cancelled' : 'completed' },
      { kind: 'print', lines: summarize(action, tally, state.following === action) },
    ],
  ];
}

function summarize(action: number, tally: Tally, isFollowed: boolean): readonly Line[] {
  const totals = toFollowSnapshot(action, tally);
  const counts = (
    [
      ['found', totals.found],
      ['nothing', totals.nothing],
      ['failed', totals.failed],
      ['timed out', totals.timedOut],
      ['expired', totals.expired],
      ['cancelled', totals.cancelled],
    ] as const
  ).filter(([, count]) => count > 0);
  const said = counts.map(([name, count]) => `${count} ${name}`).join(', ');
  const bad = totals.failed + totals.timedOut + totals.expired;
  // Who was never reached has not answered.
  const whole =
    bad + totals.cancelled === 0 ? `${totals.done} of ${totals.sent} operations answered` : `${totals.sent} operations`;
  return [
    line(
      `action ${action} has ended: ${whole} in ${formatDuration(Math.round(totals.elapsedMs))}: ${said}`,
      bad > 0 ? 'warning' : 'good',
    ),
    line(
      isFollowed
        ? '"results" shows what was found, "results all" everything'
        : `"results ${action}" shows what was found`,
      'quiet',
    ),
  ];
}

/** What arrives after an action has ended is stored all the same. */
function announceLate(event: Event & { readonly kind: 'reported' }): readonly Effect[] {
  if (event.report.kind !== 'done') return [];
  const said = `late answer of ${event.agent} for action ${event.action}: "results ${event.action}" shows it`;
  return [{ kind: 'print', lines: [line(said, 'warning')] }];
}

function tick(state: State, nowMs: number): Step {
  const running = new Map(
    [...state.running].map(([action, tally]) => [action, { ...tally, nowMs: Math.max(nowMs, tally.nowMs) }] as const),
  );
  const expired = [...running].filter(([, tally]) => nowMs > tally.expireAfterMs + graceMs);
  return [{ ...state, running }, expired.map(([action]) => ({ kind: 'expire', action }) as const)];
}
