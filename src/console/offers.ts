/** What a console that ended left behind, as the next one offers it. */
import { line, type Line } from '../module/line.ts';
import { recoverActions } from '../store/actions.ts';
import type { Store } from '../store/open-store.ts';
import { countFindings } from '../store/results.ts';
import { isEmpty } from './draft.ts';
import { givenUp } from './fleet/ask-for-late.ts';
import type { State } from './state.ts';

/** Actions without an end; each is offered once, to one console. */
export function offerActions(store: Store, nowMs: number): readonly Line[] {
  return recoverActions(store, givenUp.killed, nowMs).map(({ id, action }) => {
    const { results, hits } = countFindings(store, id);
    return line(
      `action ${id} '${action.name}' was still running when its console ended: results so far ${results + hits}; "action ${id}" reads it, "copy ${id}" asks again`,
      'warning',
    );
  });
}

/** The draft that is not launched yet. */
export function offerDraft({ draft }: State): readonly Line[] {
  if (!draft || isEmpty(draft)) return [];
  const count = draft.operations.length;
  return [
    line(
      `draft '${draft.name}' with ${count} operation${count === 1 ? '' : 's'}: "create action" resumes it, "drop" removes it`,
      'warning',
    ),
  ];
}
