import { isEmpty } from './draft.ts';
import type { Snapshot } from './ports.ts';
import { currentMode, currentPlace, formatPrompt, type State } from './state.ts';
import { toFollowSnapshot } from './tally.ts';

/** The state as a screen draws it. */
export function toSnapshot(state: State): Snapshot {
  const tally = state.following === undefined ? undefined : state.running.get(state.following);
  const { draft, agents, alerts } = state;
  const online = agents.filter(({ phase }) => phase === 'online').length;
  return {
    mode: currentMode(state),
    prompt: formatPrompt(currentPlace(state)),
    busy: state.busy,
    follow: tally && state.following !== undefined ? toFollowSnapshot(state.following, tally) : undefined,
    status: [
      `case ${state.caseName}`,
      `${online} of ${agents.length} agents online`,
      ...(state.running.size > 0 ? [`${state.running.size} running`] : []),
      ...(alerts.unacknowledged > 0
        ? [`${alerts.unacknowledged} new alert${alerts.unacknowledged === 1 ? '' : 's'}`]
        : []),
      ...(draft && !isEmpty(draft) ? [`draft '${draft.name}' (${draft.operations.length})`] : []),
    ],
    ended: state.ended,
  };
}
