/** A draft that came from elsewhere: a file, an action, a finding. It takes the place of an empty one, or of the same; another one is asked about. */
import { line } from '../module/line.ts';
import type { Action } from '../protocol/action.ts';
import { askLaunch } from './commands/launch.ts';
import type { Step } from './command.ts';
import { describeOperations, enterLauncher, isEmpty } from './draft.ts';
import type { State } from './state.ts';

export interface ReceivedDraft {
  readonly draft: Action;
  /** What is to be known about it. */
  readonly notices: readonly string[];
  /** It is to be launched at once, as "launch" does. */
  readonly launch?: boolean;
}

export function receiveDraft(state: State, received: ReceivedDraft, nowMs: number): Step {
  const isSame = JSON.stringify(state.draft) === JSON.stringify(received.draft);
  if (isSame || isEmpty(state.draft)) return takeDraft(state, received, nowMs);
  const message = `Replace the draft '${state.draft?.name ?? ''}'?`;
  const { draft, notices, launch } = received;
  return [
    state,
    [
      {
        kind: 'ask',
        question: { kind: 'confirm', message, initial: false },
        topic: { kind: 'replaceDraft', draft, notices, ...(launch ? { launch } : {}) },
      },
    ],
  ];
}

/** Puts it into the launcher, shows it, and asks for its launch where that was said. */
export function takeDraft(state: State, { draft, notices, launch }: ReceivedDraft, nowMs: number): Step {
  const taken = { ...enterLauncher(state), draft };
  const [after, asked] = launch ? askLaunch(taken, { follow: true, nowMs }) : ([taken, []] as const);
  return [
    after,
    [
      { kind: 'saveDraft', draft },
      {
        kind: 'print',
        lines: [
          ...(launch
            ? []
            : [
                line(`draft '${draft.name}' for ${draft.target === '' ? 'no target yet' : draft.target}`, 'heading'),
                ...describeOperations(draft),
              ]),
          ...notices.map((notice) => line(notice, 'warning')),
        ],
      },
      ...asked,
    ],
  ];
}
