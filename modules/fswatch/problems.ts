/** What is wrong at present, bounded, for whoever asks. */
export interface Problems {
  readonly add: (text: string) => void;
  /** There are more objects than may be watched; the first of those left out. */
  readonly reachLimit: (path: string) => void;
  readonly limitAt: () => string | undefined;
  /** Everything is looked at anew: what is still wrong comes again. */
  readonly clear: () => void;
  readonly list: () => readonly string[];
}

const most = 50;

export function createProblems(): Problems {
  const texts = new Set<string>();
  let more = 0;
  let limitAt: string | undefined;
  return {
    add: (text) => {
      if (texts.size < most) texts.add(text);
      else if (!texts.has(text)) more++;
    },
    reachLimit: (path) => {
      limitAt ??= path;
    },
    clear: () => {
      texts.clear();
      [more, limitAt] = [0, undefined];
    },
    limitAt: () => limitAt,
    list: () => [...texts, ...(more > 0 ? [`and ${more} more`] : [])],
  };
}
