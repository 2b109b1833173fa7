/**
 * The forest as lines: when it began, how long it took, how it ended, and behind these columns the tree, as `ps f` and systemd-cgls draw it:
 *
 *   ~Nov 20   1d4h  running  systemd 1 (root)
 *   ~09:12:08 5h02m running  └─sshd 812 -D
 *   14:02:00  3.2s  exit 2     ▸make 4242 (ann) -j2 all
 */
import { visible } from '../../src/base/visible.ts';
import { line, type Line, type Tone } from '../../src/module/line.ts';
import { describeAsked, describeLine } from './draw-process.ts';
import type { Elements, GapElement, ProcessElement } from './elements.ts';
import { foldSiblings, type Group } from './fold-siblings.ts';
import { formatDuration, formatShortTime, inferredMark } from './format-values.ts';

/** Of the text behind the columns, where nobody says how wide the screen is. */
const usualWidth = 400;
/** A narrower tree is not worth drawing: its lines are wrapped. */
const leastWidth = 16;
/** On narrower screens the tree needs the place of what can be left out: how long each took. */
const narrowWidth = 80;
/** More gaps than this in one place are told as one. */
const mostGaps = 4;
/** Deeper trees are not drawn farther to the right. */
const mostIndents = 40;

/** A line before it is known how wide its columns are. */
interface Drawn {
  readonly columns: readonly [start: string, took: string, end: string];
  /** The rails, and what stands behind them: that is cut where it is too long. */
  readonly rails: string;
  readonly text: string;
  readonly tone: Tone;
}

type Item =
  | { readonly atNs: number; readonly group: Group }
  | { readonly atNs: number; readonly gaps: readonly GapElement[] };

export function drawTree(elements: Elements, width: number | undefined): readonly Line[] {
  const { processes, gaps } = elements;
  const tree = indexTree(processes, gaps);
  const hasDetails = processes.filter(({ found }) => found === 'asked').length <= 3;
  const drawn: Drawn[] = [];
  const stack: Step[] = toSteps(itemsOf(null, tree), '', true).toReversed();
  for (let step = stack.pop(); step; step = stack.pop()) {
    if ('gaps' in step.item) {
      drawn.push(drawGaps(step, step.item.gaps, elements.askedAt));
      continue;
    }
    const { first, all } = step.item.group;
    const below = all.length > 1 ? [] : itemsOf(first.id, tree);
    const rails = deepen(step);
    drawn.push(
      ...drawGroup(step, { group: step.item.group, tree, elements, hasDetails, rails, hasBelow: below.length > 0 }),
    );
    stack.push(...toSteps(below, rails, false).toReversed());
  }
  return layOut(drawn, width);
}

interface Tree {
  readonly children: ReadonlyMap<string | null, readonly ProcessElement[]>;
  readonly gaps: ReadonlyMap<string | null, readonly GapElement[]>;
  readonly byId: ReadonlyMap<string, ProcessElement>;
}

function indexTree(processes: readonly ProcessElement[], gaps: readonly GapElement[]): Tree {
  const byId = new Map(processes.map((process) => [process.id, process]));
  const childrenOf = Map.groupBy(processes, ({ below }) => (below !== null && byId.has(below) ? below : null));
  const gapsOf = Map.groupBy(gaps, ({ below }) => (below !== null && byId.has(below) ? below : null));
  return { children: childrenOf, gaps: gapsOf, byId };
}

interface Step {
  readonly item: Item;
  /** What stands before its own corner. */
  readonly rails: string;
  readonly isTop: boolean;
  readonly isLast: boolean;
}

function toSteps(items: readonly Item[], rails: string, isTop: boolean): readonly Step[] {
  return items.map((item, at) => ({ item, rails, isTop, isLast: at === items.length - 1 }));
}

/** Children and gaps in the order of time. */
function itemsOf(id: string | null, { children, gaps }: Tree): readonly Item[] {
  const groups = foldSiblings(children.get(id) ?? [], (process) => !children.has(process.id) && !gaps.has(process.id));
  const here = gaps.get(id) ?? [];
  // Where nothing else is told they are what was asked for.
  const isLumped = here.length > mostGaps && children.size > 0;
  const lumps = isLumped ? [here] : here.map((gap) => [gap]);
  const items: Item[] = [
    ...groups.map((group) => ({ atNs: timeOf(group.first.start?.at), group })),
    ...lumps.map((lump) => ({ atNs: timeOf(lump[0]?.from), gaps: lump })),
  ];
  return items.toSorted((one, other) => one.atNs - other.atNs);
}

function timeOf(at: string | undefined): number {
  const ms = Date.parse(at ?? '');
  return Number.isNaN(ms) ? -Infinity : ms;
}

function corner({ rails, isTop, isLast }: Step): string {
  return isTop ? '' : `${rails}${isLast ? '└─' : '├─'}`;
}

function deepen({ rails, isTop, isLast }: Step): string {
  if (isTop) return '';
  return rails.length >= mostIndents * 2 ? rails : `${rails}${isLast ? '  ' : '│ '}`;
}

function drawGroup(
  step: Step,
  options: {
    readonly group: Group;
    readonly tree: Tree;
    readonly elements: Elements;
    readonly hasDetails: boolean;
    readonly rails: string;
    readonly hasBelow: boolean;
  },
): readonly Drawn[] {
  const { group, tree, elements, hasDetails, rails, hasBelow } = options;
  const { first } = group;
  const above = first.below === null ? undefined : tree.byId.get(first.below);
  const { columns, text, tone } = describeLine(group, above, elements.askedAt);
  const details =
    first.found === 'asked' ? describeAsked(first, { askedAt: elements.askedAt, isWhole: hasDetails }) : [];
  return [
    { columns, rails: corner(step), text, tone },
    ...details.map(({ at, text: said, tone: mood }): Drawn => ({
      columns: [at, '', ''],
      rails: `${rails}${hasBelow ? '│ ' : '  '}`,
      text: said,
      tone: mood,
    })),
  ];
}

/** In plain sight: whoever reads the tree must see where it may have holes. */
function drawGaps(step: Step, gaps: readonly GapElement[], askedAt: string): Drawn {
  const [first] = gaps;
  const known = gaps.every(({ drops }) => typeof drops === 'number');
  const drops = gaps.reduce((sum, gap) => sum + (gap.drops ?? 0), 0);
  const missing = known
    ? `${drops} event${drops === 1 ? '' : 's'} missed`
    : `events missed, ${drops > 0 ? `at least ${drops}` : 'nobody knows how many'}`;
  const took = gaps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const repaired = gaps.at(-1)?.repairedAt;
  const text = [
    gaps.length === 1
      ? `gap of ${first?.source}`
      : `${gaps.length} gaps until ${formatShortTime(gaps.at(-1)?.until, askedAt)}`,
    `: ${missing} (${first?.reason ?? ''}${gaps.length > 1 ? ', ...' : ''})`,
    repaired ? `, right again since ${formatShortTime(repaired, askedAt)}` : ', not repaired yet',
  ].join('');
  const columns = [formatShortTime(first?.from, askedAt), formatDuration(took), 'gap'] as const;
  return { columns, rails: corner(step), text, tone: repaired ? 'warning' : 'error' };
}

/** Columns as wide as they must be; what does not fit behind them is cut, which is marked. */
function layOut(drawn: readonly Drawn[], width: number | undefined): readonly Line[] {
  const widths = [0, 1, 2].map((at) =>
    drawn.reduce((most, { columns }) => Math.max(most, columns[at]?.length ?? 0), 0),
  );
  const isMarked = drawn.some(({ columns }) => columns[0].startsWith(inferredMark));
  const isNarrow = width !== undefined && width < narrowWidth;
  const head = (columns: Drawn['columns']): string => {
    const [start, took, end] = columns;
    // The mark stands in front of the times, so that these are below each other.
    const marked = isMarked && !start.startsWith(inferredMark) ? ` ${start}` : start;
    const lasted = isNarrow ? '' : `${took.padStart(widths[1] ?? 0)} `;
    return `${marked.padEnd(widths[0] ?? 0)} ${lasted}${end.padEnd(widths[2] ?? 0)} `;
  };
  return drawn.map(({ columns, rails, text, tone }) => {
    const before = head(columns) + rails;
    const room = width === undefined ? usualWidth : Math.max(leastWidth, width - before.length);
    return line(`${before}${cut(text, room)}`.trimEnd(), tone);
  });
}

/** As the screen will show it: what is hidden in it takes several places there. */
function cut(text: string, room: number): string {
  if (visible(text).length <= room) return text;
  let end = Math.min(text.length, room - 1);
  while (end > 1 && visible(text.slice(0, end)).length > room - 1) end--;
  // Half of a character is none.
  if (/[\ud800-\udbff]$/.test(text.slice(0, end))) end--;
  return `${text.slice(0, end)}…`;
}
