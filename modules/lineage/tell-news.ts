/** What consoles that watch are told of the lineage, as it happens: what began, what it ran, how it ended, and where something is missing. */
import type { Clock } from '../../src/base/clock.ts';
import type { LineageNews } from '../../src/lineage/lineage.ts';
import type { GapNode, ProcessNode } from '../../src/lineage/process-node.ts';
import { masked } from '../../src/module/print.ts';
import { describeGap } from './describe-gaps.ts';
import { describeUser } from './describe-process.ts';
import { nameSignal } from './exit-condition.ts';
import { quoteWord } from './format-command.ts';
import { nameOf, toText } from './texts.ts';
import { formatTime } from './window.ts';

/** Told a second; what is more is counted. Gaps are told always. */
const mostASecond = 300;
const longestCommand = 2000;

/** Plain fields, as `event` wants them. */
export type Fields = Readonly<Record<string, unknown>>;

export interface TellNews {
  readonly tell: (news: LineageNews) => void;
  /** Whether a process would be told now; if not it is counted as left out. To be asked before it is put together. */
  readonly takes: () => boolean;
  /** Tells how many were left out, where some were. Call it every second. */
  readonly tick: () => void;
}

export function createTellNews(options: {
  readonly event: (fields: Fields) => void;
  readonly log: (text: string) => void;
  readonly clock: Clock;
  readonly extraPrivacy: boolean;
  readonly users: () => ReadonlyMap<number, string>;
}): TellNews {
  const { event, log, clock, extraPrivacy } = options;
  let sinceMs = clock.monotonicMs();
  let told = 0;
  let leftOut = 0;
  const tick = (): void => {
    if (leftOut > 0) event({ event: 'left out', at: formatTime(clock.nowMs()), count: leftOut });
    [sinceMs, told, leftOut] = [clock.monotonicMs(), 0, 0];
  };
  const takes = (): boolean => {
    if (clock.monotonicMs() - sinceMs >= 1000) tick();
    if (told < mostASecond) return true;
    leftOut++;
    return false;
  };
  return {
    tick,
    takes,
    tell: (news) => {
      if (news.kind === 'gap') {
        const fields = describeGapNews(news.gap);
        log(sentenceOf(news.gap));
        event(extraPrivacy ? { ...fields, reason: masked } : fields);
        return;
      }
      if (!takes()) return;
      told++;
      const fields = describeNews(news.kind, news.node, options.users());
      event(extraPrivacy ? maskNews(fields) : fields);
    },
  };
}

function describeNews(kind: string, node: ProcessNode, users: ReadonlyMap<number, string>): Fields {
  const { pid, id, birthParent, start, end, executions, executable, args, revision } = node;
  const last = executions.at(-1);
  const moment = kind === 'exit' ? end : kind === 'exec' ? last : start;
  const command = args?.value.map(quoteWord).join(' ') ?? executable?.value;
  const user = describeUser(node.uid, users);
  const fields = {
    event: kind,
    at: formatTime((moment ?? start ?? end)?.wallMs ?? 0),
    pid,
    parentPid: birthParent?.pid,
    name: nameOf(node),
    command: command === undefined ? undefined : toText(command.slice(0, longestCommand)),
    user: user ? (user.name ?? String(user.id)) : undefined,
    container: node.container,
    code: end?.code,
    signal: end?.signal === undefined ? undefined : nameSignal(end.signal),
    core: end?.hasCore === true ? true : undefined,
    ended: end && kind !== 'exit' ? end.reason : undefined,
    ms: end && start ? Math.round((end.atNs - start.atNs) / 1000) / 1000 : undefined,
    how: moment?.how,
    revision: kind === 'correction' ? revision : undefined,
    id,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function describeGapNews(gap: GapNode): Fields {
  const { below: _none, ...fields } = describeGap(gap);
  return { event: 'gap', at: fields.until, ...fields };
}

/** For the agent's log. */
function sentenceOf(gap: GapNode): string {
  const { source, from, until, drops, reason, repairedAt } = describeGap(gap);
  const missed = drops === null ? 'nobody knows how many events are missing' : `${drops} events are missing`;
  const repaired = repairedAt === null ? '' : `; /proc was looked at, right again since ${repairedAt}`;
  return `gap of ${source} from ${from} to ${until}: ${missed} (${reason})${repaired}`;
}

const hiddenNews: ReadonlySet<string> = new Set(['name', 'command', 'user', 'container']);

function maskNews(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, hiddenNews.has(key) ? masked : value]));
}
