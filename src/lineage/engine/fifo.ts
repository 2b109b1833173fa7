/** First in, first out, in amortised constant time: what was taken is given up in one go. */
export interface Fifo<Item> {
  readonly push: (item: Item) => void;
  /** The first so many, which stay. */
  readonly first: (count: number) => readonly Item[];
  /** Takes the first so many away, and gives them back. */
  readonly shift: (count: number) => readonly Item[];
  readonly size: () => number;
}

/** So many places that were left are given up at once. */
const spare = 4096;

export function createFifo<Item>(): Fifo<Item> {
  /** What was taken leaves its place at once, which is given up later: places are little, items may be much. */
  let items: (Item | undefined)[] = [];
  let at = 0;
  const first = (count: number): readonly Item[] => items.slice(at, at + count) as Item[];
  return {
    push: (item) => void items.push(item),
    first,
    shift: (count) => {
      const taken = first(count);
      items.fill(undefined, at, at + taken.length);
      at += taken.length;
      if (at === items.length) [items, at] = [[], 0];
      else if (at >= spare && at * 2 >= items.length) [items, at] = [items.slice(at), 0];
      return taken;
    },
    size: () => items.length - at,
  };
}
