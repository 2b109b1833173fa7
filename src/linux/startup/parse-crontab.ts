import { createUnparsed, type Unparsed } from '../host/unparsed.ts';

/** A job of a crontab, crontab(5). */
export interface CronJob {
  /** "@reboot", or the five fields. */
  readonly when: string;
  /** Undefined in the crontab of a user. */
  readonly user: string | undefined;
  readonly command: string;
  /** From 1. */
  readonly line: number;
}

export interface Crontab {
  readonly jobs: readonly CronJob[];
  /** Variables that are set for the jobs. */
  readonly variables: ReadonlyMap<string, string>;
  readonly unparsed: Unparsed;
}

const maxJobs = 10_000;

/** `withUser`: a system crontab, whose jobs name the account they run as. */
export function parseCrontab(text: string, options: { readonly withUser: boolean }): Crontab {
  const jobs: CronJob[] = [];
  const variables = new Map<string, string>();
  const unparsed = createUnparsed();
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const variable = /^([A-Za-z_]\w*|"[^"]*")\s*=\s*(.*)$/s.exec(content);
    if (variable) {
      variables.set((variable[1] ?? '').replaceAll('"', ''), (variable[2] ?? '').replace(/^(["'])(.*)\1$/s, '$2'));
      continue;
    }
    const job = jobs.length < maxJobs ? parseJob(content, options.withUser) : undefined;
    if (job) jobs.push({ ...job, line: index + 1 });
    else unparsed.add(index + 1);
  }
  return { jobs, variables, unparsed };
}

function parseJob(content: string, withUser: boolean): Omit<CronJob, 'line'> | undefined {
  // cronie writes a leading - to keep a job out of the log.
  const line = content.replace(/^-(?=[\d*])/, '');
  const fields = takeWords(line, line.startsWith('@') ? 1 : 5);
  if (fields === undefined || !isSchedule(fields.words)) return undefined;
  const user = withUser ? takeWords(fields.rest, 1) : undefined;
  if (withUser && user === undefined) return undefined;
  const command = user ? user.rest : fields.rest;
  // What follows a % is the job's input.
  return command === '' ? undefined : { when: fields.words.join(' '), user: user?.words[0], command };
}

function isSchedule(words: readonly string[]): boolean {
  return words.length === 1 ? /^@[a-z]/.test(words[0] ?? '') : words.every((word) => /^[\d*,/~a-zA-Z-]+$/.test(word));
}

/** The first words of a line and what follows them; undefined when there are fewer, or nothing follows. */
export function takeWords(
  line: string,
  count: number,
): { readonly words: readonly string[]; readonly rest: string } | undefined {
  const words: string[] = [];
  let rest = line.trimStart();
  for (let taken = 0; taken < count; taken++) {
    const end = rest.search(/\s/);
    if (end < 0) return undefined;
    words.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? undefined : { words, rest };
}

/** A job of anacrontab(5): PERIOD DELAY NAME COMMAND. */
export function parseAnacrontab(text: string): readonly CronJob[] {
  return text.split('\n').flatMap((raw, index): readonly CronJob[] => {
    const taken = /^\s*(@|\d)/.test(raw) && index < maxJobs ? takeWords(raw, 3) : undefined;
    if (!taken) return [];
    const [period = '', delay = '', name = ''] = taken.words;
    const when = `${periodOf(period)}, ${delay} minutes after the start (${name})`;
    return [{ when, user: 'root', command: taken.rest, line: index + 1 }];
  });
}

function periodOf(period: string): string {
  if (!/^\d+$/.test(period)) return period;
  return period === '1' ? 'every day' : `every ${period} days`;
}
