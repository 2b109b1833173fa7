import type { Ask } from '../../src/module/ask.ts';
import type { Field } from '../../src/module/fields.ts';
import { checkSpan } from './times.ts';
import { changes, defaultLimit, params, type Params } from './params.ts';

const kinds = {
  process: 'the tree of a process: who started it, what it did',
  name: 'the trees of all processes of a name',
  time: 'what ran in a time, all of it or below one process',
  failed: 'what failed: codes, signals, core dumps',
  file: 'who created, changed, renamed or deleted a file',
  moment: 'the tree as it was at a moment',
  gaps: 'when events were missed',
  status: 'what is heard, and how much is kept',
} as const;
type Kind = keyof typeof kinds;

/** What do you want to know? Then what that needs, and a limit. */
export async function paramsCreator(ask: Ask, previous: Params = {}): Promise<Params> {
  const kind = (await ask.choose({
    message: 'What do you want to know?',
    choices: Object.entries(kinds).map(([name, hint]) => ({ name, hint })),
    initial: kindOf(previous),
  })) as Kind;
  const kept = kind === kindOf(previous) ? withoutAsked(previous, kind) : {};
  if (kind === 'gaps') return { ...kept, gaps: true, ...(await askTimes(ask, previous)) };
  if (kind === 'status') return { ...kept, status: true };
  const asked = await askKind(ask, kind, previous);
  const limit = await ask.number({
    message: 'How many processes at most?',
    hint: `1 to 20000; what is left out is counted; example: ${defaultLimit}`,
    initial: previous.limit ?? defaultLimit,
    check: fieldOf('limit').check,
  });
  return { files: true, args: true, ...kept, ...asked, limit };
}

const askedKeys: Readonly<Record<Kind, readonly (keyof Params)[]>> = {
  process: ['pids', 'ids', 'ancestors', 'descendants'],
  name: ['names', 'ancestors', 'descendants'],
  time: ['under', 'from', 'until'],
  failed: ['under', 'from', 'until', 'failed', 'exited'],
  file: ['wrote', 'changes', 'from', 'until'],
  moment: ['at', 'under'],
  gaps: ['gaps', 'from', 'until'],
  status: ['status'],
};

/** What was given by flags and is asked by none of these questions stays. */
function withoutAsked(previous: Params, kind: Kind): Params {
  const asked: readonly string[] = askedKeys[kind];
  return Object.fromEntries(Object.entries(previous).filter(([key]) => !asked.includes(key)));
}

/** Of several values the first is shown: taken as it is it stands for all. */
function keepOthers(answer: string, previous: readonly string[] = []): string[] {
  return answer === previous[0] ? [...previous] : [answer];
}

function kindOf(previous: Params): Kind {
  if (previous.pids ?? previous.ids) return 'process';
  if (previous.names) return 'name';
  if (previous.wrote !== undefined) return 'file';
  if (previous.failed ?? previous.exited) return 'failed';
  if (previous.at !== undefined) return 'moment';
  if (previous.gaps === true) return 'gaps';
  if (previous.status === true) return 'status';
  return (previous.from ?? previous.under) === undefined ? 'process' : 'time';
}

async function askKind(ask: Ask, kind: Kind, previous: Params): Promise<Params> {
  if (kind === 'process') {
    const pid = await askText(ask, 'pid', 'Which process?', previous.pids?.[0], { isRequired: true });
    return { pids: keepOthers(pid, previous.pids), ...(await askDirections(ask, previous)) };
  }
  if (kind === 'name') {
    const name = await askText(ask, 'name', 'Which name?', previous.names?.[0], { isRequired: true });
    return { names: keepOthers(name, previous.names), ...(await askDirections(ask, previous)) };
  }
  if (kind === 'file') return askFile(ask, previous);
  if (kind === 'moment') {
    const at = await askText(ask, 'at', 'At which time?', previous.at, { isRequired: true });
    return { at, ...given('under', await askText(ask, 'under', 'Below which process? (empty = all)', previous.under)) };
  }
  const under = given('under', await askText(ask, 'under', 'Below which process? (empty = all)', previous.under));
  const times = await askTimes(ask, previous);
  if (kind === 'time') return { ...under, ...times, ...(times.from === undefined ? { from: '1h' } : {}) };
  const exited = await askText(ask, 'exited', 'Which code or signal? (empty = any but exit 0)', previous.exited?.[0]);
  return {
    ...under,
    ...times,
    ...(exited === '' ? { failed: true } : { exited: keepOthers(exited, previous.exited) }),
  };
}

async function askFile(ask: Ask, previous: Params): Promise<Params> {
  const wrote = await askText(ask, 'wrote', 'Which file, or with a slash at the end which folder?', previous.wrote, {
    isRequired: true,
  });
  const told = await ask.many({
    message: 'Which changes? (none = all but executed)',
    hint: 'none, one or several',
    choices: changes.map((name) => ({ name })),
    initial: previous.changes ?? [],
  });
  return { wrote, ...(told.length > 0 ? { changes: [...told] } : {}), ...(await askTimes(ask, previous)) };
}

async function askTimes(ask: Ask, previous: Params): Promise<Params> {
  const from = await askText(ask, 'from', 'From which time on? (empty = all that is known)', previous.from);
  if (from === '') return {};
  const until = await askText(ask, 'until', 'Until which time? (empty = now)', previous.until, {
    check: (typed) => checkSpan(from, typed),
  });
  return { from, ...given('until', until) };
}

async function askDirections(ask: Ask, previous: Params): Promise<Params> {
  const both = 'both';
  const before = previous.ancestors === previous.descendants ? both : previous.ancestors ? 'ancestors' : 'descendants';
  const answer = await ask.choose({
    message: 'Which relatives of it?',
    choices: [
      { name: both, hint: 'ancestors above it, descendants below it' },
      { name: 'ancestors', hint: 'who started it' },
      { name: 'descendants', hint: 'what it started' },
    ],
    initial: before,
  });
  if (answer === both) return {};
  return answer === 'ancestors' ? { ancestors: true } : { descendants: true };
}

async function askText(
  ask: Ask,
  flag: string,
  message: string,
  initial = '',
  { isRequired = false, check }: { readonly isRequired?: boolean; readonly check?: Field['check'] } = {},
): Promise<string> {
  const field = fieldOf(flag);
  return ask.text({
    message,
    hint: `${field.description}; example: ${field.example}`,
    initial,
    complete: field.complete,
    check: (typed) => (typed === '' && !isRequired ? undefined : (field.check(typed) ?? check?.(typed))),
  });
}

function given<Key extends 'under' | 'until'>(key: Key, value: string): { readonly [key in Key]?: string } {
  return (value === '' ? {} : { [key]: value }) as { readonly [key in Key]?: string };
}

function fieldOf(flag: string): Field {
  const field = params.fields.find((candidate) => candidate.flag === flag);
  if (!field) throw new Error(`lineage has no field ${flag}`);
  return field;
}
