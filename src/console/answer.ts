/** What follows from an answer to one of the console's own questions. */
import { line } from '../module/line.ts';
import { askLaunch, launchDraft } from './commands/launch.ts';
import { putOperation } from './commands/draft-operations.ts';
import { startDraft } from './commands/navigate.ts';
import { answerPivot } from './commands/pivot.ts';
import type { Step } from './command.ts';
import { changeDraft, draftOf } from './draft.ts';
import { takeDraft } from './receive-draft.ts';
import type { State } from './state.ts';
import type { Topic } from './topic.ts';

export function answer(state: State, topic: Topic, value: unknown, nowMs: number): Step {
  switch (topic.kind) {
    case 'launch':
      if (value !== true) return say(state, 'nothing was launched, the draft stays');
      return launchDraft(state, { follow: topic.follow, nowMs });
    case 'target': {
      const [chosen, effects] = changeDraft(state, { target: String(value) }, []);
      const [after, asked] = askLaunch(chosen, { follow: topic.follow, nowMs });
      return [after, [...effects, ...asked]];
    }
    case 'removeOperation':
      if (value !== true) return say(state, 'nothing was removed');
      return changeDraft(state, { operations: draftOf(state).operations.toSpliced(topic.at - 1, 1) }, [
        line(`operation ${topic.at} was removed`),
      ]);
    case 'removeAll':
      if (value !== true) return say(state, 'nothing was removed');
      return changeDraft(state, { operations: [] }, [line('all operations were removed')]);
    case 'newDraft':
      return value === true ? startDraft(state) : say(state, 'the draft stays as it was');
    case 'leave':
      return value === true ? [{ ...state, ended: 0 }, []] : say(state, 'the console stays, and what runs goes on');
    case 'replaceDraft':
      if (value !== true) return say(state, 'the draft stays as it was');
      return takeDraft(state, topic, nowMs);
    case 'pivot':
      return answerPivot(state, topic.asked, String(value), nowMs);
    case 'keepParams':
      return keepParams(state, topic, String(value));
  }
}

function keepParams(state: State, topic: Topic & { readonly kind: 'keepParams' }, value: string): Step {
  const { module, parameters, at } = topic;
  if (value === 'edit again') return [state, [{ kind: 'createParams', module, previous: parameters, at }]];
  if (value === 'drop') return say(state, 'dropped, the draft stays as it was');
  return putOperation(state, module, parameters, at);
}

function say(state: State, text: string): Step {
  return [state, [{ kind: 'print', lines: [line(text, 'quiet')] }]];
}
