import type { Progress } from '../../src/module/run.ts';
import { kinds, type Elements, type Item, type Kind } from './elements.ts';
import type { Params } from './params.ts';

/** Collects what a run finds, tells it as it comes, and counts. */
export interface Findings {
  readonly add: (kind: Kind, query: string, item: Item) => void;
  /** One more thing was looked at. */
  readonly examine: () => void;
  readonly summary: () => {
    readonly elements: Elements;
    readonly examined: number;
    readonly totalHits: number;
    /** One sentence for each query that found more than is listed. */
    readonly cuts: readonly string[];
  };
}

/** A query such as 0.0.0.0/0 on a busy proxy must not fill the memory. */
const maxItemsPerQuery = 100_000;
const examinedStep = 1000;

export function createFindings(params: Params, progress: Progress<Elements>): Findings {
  const asked = kinds.flatMap((kind) => {
    const queries = params[kind] ?? [];
    return queries.length === 0 ? [] : [[kind, new Map(queries.map((query) => [query, createList()]))] as const];
  });
  const lists = new Map<Kind, ReadonlyMap<string, ItemList>>(asked);
  let examined = 0;
  return {
    add: (kind, query, item) => {
      const list = lists.get(kind)?.get(query);
      if (!list) return;
      list.total++;
      if (list.total > maxItemsPerQuery) return;
      list.items.push(item);
      progress.hit({ [kind]: { [query]: [item] } });
    },
    examine: () => {
      examined++;
      if (examined % examinedStep === 0) progress.examined(examined);
    },
    summary: () => ({
      elements: Object.fromEntries(
        asked.map(([kind, queries]) => [
          kind,
          Object.fromEntries([...queries].map(([query, { items }]) => [query, items.length === 0 ? null : items])),
        ]),
      ),
      examined,
      totalHits: asked.flatMap(([, queries]) => [...queries.values()]).reduce((sum, { total }) => sum + total, 0),
      cuts: asked.flatMap(([kind, queries]) =>
        [...queries]
          .filter(([, { total }]) => total > maxItemsPerQuery)
          .map(([query, { total }]) => `${kind} ${query}: ${total} found, the first ${maxItemsPerQuery} are listed`),
      ),
    }),
  };
}

interface ItemList {
  readonly items: Item[];
  total: number;
}

function createList(): ItemList {
  return { items: [], total: 0 };
}
