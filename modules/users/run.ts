import { formatDuration } from '../../src/base/go-format.ts';
import { createPace, type Pace } from '../../src/base/pace.ts';
import { isWritableByOthers } from '../../src/linux/host/host-files.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { changedMs, describeAccount, toRight } from './describe-account.ts';
import type { Account, Elements, Group, Statistics } from './elements.ts';
import { openHost, type Host } from './host.ts';
import { createJudge } from './judge-account.ts';
import type { Params } from './params.ts';
import { createReader, type Reader } from './read-accounts.ts';
import { readDatabase, type Database } from './read-database.ts';
import { createSelection, type Selection } from './select-accounts.ts';

const maxListed = 20_000;

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn(openHost(), params, context);
}

/** The same on any host's files. Whatever cannot be read is a soft error; what was found until a stop is returned. */
export async function runOn(
  host: Host,
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = context.clock.monotonicMs();
  const { problems } = host.files;
  const database = readDatabase(host.files);
  const pace = createPace(context);
  const reader = await createReader(host, database, pace);
  const selection = createSelection(params, context.clock.nowMs());
  const { accounts, examined, total } = await findAccounts({ database, reader, selection, context, pace });

  if (context.signal.aborted) problems.add('stopped before every account was looked at');
  if (total > accounts.length) problems.add(`${total} accounts found, the first ${accounts.length} are listed`);
  const groups = params.listgroups ? listGroups(database, selection) : [];
  if (groups.length > maxListed) problems.add(`${groups.length} groups found, the first ${maxListed} are listed`);
  const beside = selection.isNarrow ? {} : findBeside(host, reader, database);
  context.progress.examined(examined);
  const totalhits = total + groups.length + (beside.unboundrules?.length ?? 0) + (beside.notes?.length ?? 0);
  return {
    foundAnything: totalhits > 0,
    elements: { accounts, ...(params.listgroups ? { groups: groups.slice(0, maxListed) } : {}), ...beside },
    statistics: { examined, exectime: formatDuration(context.clock.monotonicMs() - startedMs), totalhits },
    errors: problems.list(),
  };
}

interface Work {
  readonly database: Database;
  readonly reader: Reader;
  readonly selection: Selection;
  readonly context: RunContext<Elements>;
  readonly pace: Pace;
}

async function findAccounts({ database, reader, selection, context, pace }: Work): Promise<{
  readonly accounts: readonly Account[];
  readonly examined: number;
  readonly total: number;
}> {
  const nowMs = context.clock.nowMs();
  const judge = createJudge(database, nowMs);
  const isLoginKnown = reader.logins.sources.length > 0;
  const accounts: Account[] = [];
  let [examined, total] = [0, 0];
  for (const { name, entry } of reader.names) {
    if (pace.isDue()) await pace.rest();
    if (context.signal.aborted) break;
    examined++;
    const facts = reader.read(name, entry);
    const described = describeAccount(facts, database, nowMs);
    const account = { ...described, notes: judge.notesOn(facts, described) };
    const moments = { changedMs: changedMs(facts), loginMs: facts.login?.timeMs, isLoginKnown };
    if (!selection.accepts(account, moments)) continue;
    total++;
    if (accounts.length >= maxListed) continue;
    accounts.push(account);
    context.progress.hit({ accounts: [account] });
  }
  return { accounts, examined, total };
}

function listGroups({ groups, groupShadow, passwd }: Database, selection: Selection): readonly Group[] {
  const known = new Set(passwd.map(({ name }) => name));
  const primary = Map.groupBy(passwd, ({ gid }) => gid);
  const byGid = Map.groupBy(groups, ({ gid }) => gid);
  return groups
    .filter(({ name }) => selection.acceptsGroup(name))
    .map(({ name, gid, members, hasPassword }) => {
      const all = [...new Set([...(primary.get(gid) ?? []).map((entry) => entry.name), ...members])];
      const strangers = members.filter((member) => !known.has(member));
      const notes = [
        ...(strangers.length > 0 ? [`has members that are no accounts: ${strangers.slice(0, 10).join(', ')}`] : []),
        ...(gid === 0 && name !== 'root' ? ['is the group of root by its id 0'] : []),
        ...((byGid.get(gid)?.length ?? 0) > 1 ? ['shares its id with another group'] : []),
        ...(hasPassword ? ['its password hash stands in /etc/group, which everybody can read'] : []),
        ...(hasPassword || groupShadow?.get(name)?.hasPassword
          ? ['has a password, with which others can join it']
          : []),
      ];
      return { group: name, gid, members: all.slice(0, maxListed), notes };
    });
}

/** What belongs to no account: rules that hold for nobody here, and files that others could change. */
function findBeside({ files }: Host, reader: Reader, { groups }: Database): Pick<Elements, 'unboundrules' | 'notes'> {
  const rules = reader.unboundRules().slice(0, maxListed).map(toRight);
  const paths = ['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/gshadow', ...reader.rulePaths];
  const open = paths.flatMap((file) => {
    const stats = files.stat(file);
    if (!stats) return [];
    return [
      ...(stats.uid === 0 && !isWritableByOthers(stats) ? [] : [`${file} can be changed by others than root`]),
      ...(file.endsWith('shadow') && (stats.mode & 0o004) !== 0 ? [`${file} can be read by everybody`] : []),
    ];
  });
  const named = groups.filter(({ hasPassword }) => hasPassword).map(({ name }) => name);
  const hashes =
    named.length === 0
      ? []
      : [`/etc/group, which everybody can read, has passwords of: ${named.slice(0, 10).join(', ')}`];
  const notes = [...open, ...hashes];
  return { ...(rules.length === 0 ? {} : { unboundrules: rules }), ...(notes.length === 0 ? {} : { notes }) };
}
