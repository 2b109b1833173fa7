import { findPivots, type FoundPivots } from '../results/find-pivots.ts';
import { requireAction, type PerformContext } from './context.ts';

/** What the results of an action of this case can be followed into. Throws ConsoleError ID_UNKNOWN. */
export async function findPivotsOf(
  context: PerformContext,
  query: { readonly action: number; readonly n?: number | undefined },
): Promise<FoundPivots> {
  const { operations } = requireAction(context, query.action).action;
  return findPivots(query, { store: context.store, operations, findModule: context.findModule });
}
