import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Account, Elements, Group, Right, Statistics } from './elements.ts';

/** One line a finding; with everything, the rules and notes of each follow on lines of their own. */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines = [
    ...(elements?.accounts ?? []).flatMap((account) => [
      line(describeAccount(account), account.notes.length > 0 ? 'warning' : 'hit'),
      ...(matchOnly ? [] : detailLines(account)),
    ]),
    ...(elements?.groups ?? []).map((group) => line(describeGroup(group), group.notes.length > 0 ? 'warning' : 'hit')),
    ...(elements?.unboundrules ?? []).map((right) =>
      line(`rule for no account of this host: ${describeRight(right)}`, 'hit'),
    ),
    ...(elements?.notes ?? []).map((note) => line(`note: ${note}`, 'warning')),
  ];
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) {
    const { examined, totalhits, exectime } = statistics;
    lines.push(line(`Statistics: ${totalhits} found, ${examined} accounts examined in ${exectime}`, 'quiet'));
  }
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return [
    ...(elements?.accounts ?? []).map(accountRow),
    ...(elements?.groups ?? []).map(({ group, gid, members, notes }) => ({
      ...emptyRow,
      kind: 'group',
      name: group,
      gid,
      members: members.join(', '),
      notes: notes.join('; '),
    })),
    ...(elements?.unboundrules ?? []).map((right) => ({
      ...emptyRow,
      kind: 'rule',
      name: right.who,
      sudo: describeRight(right),
    })),
    ...(elements?.notes ?? []).map((note) => ({ ...emptyRow, kind: 'host', notes: note })),
  ];
}

const emptyRow = {
  kind: '',
  name: '',
  uid: null,
  gid: null,
  groups: '',
  members: '',
  home: '',
  homestate: '',
  shell: '',
  shellstate: '',
  login: null,
  password: '',
  algorithm: '',
  changed: '',
  passwordexpires: '',
  accountexpires: '',
  inactivesince: '',
  sudo: '',
  lastlogin: '',
  from: '',
  tty: '',
  sessions: null,
  failedlogins: null,
  keys: null,
  notes: '',
} satisfies Row;

function accountRow(account: Account): Row {
  return {
    ...emptyRow,
    kind: 'account',
    name: account.user,
    uid: account.uid ?? null,
    gid: account.gid ?? null,
    groups: account.groups.join(', '),
    home: account.home ?? '',
    homestate: account.homestate ?? '',
    shell: account.shell ?? '',
    shellstate: account.shellstate ?? '',
    login: account.login,
    password: account.password,
    algorithm: account.algorithm ?? '',
    changed: account.changed ?? '',
    passwordexpires: account.passwordexpires ?? '',
    accountexpires: account.accountexpires ?? '',
    inactivesince: account.inactivesince ?? '',
    sudo: account.sudo.map(describeRight).join('; '),
    lastlogin: account.lastlogin?.time ?? '',
    from: account.lastlogin?.from ?? '',
    tty: account.lastlogin?.tty ?? '',
    sessions: account.sessions ?? 0,
    failedlogins: account.failedlogins ?? null,
    keys: account.keys ?? null,
    notes: account.notes.join('; '),
  };
}

function describeAccount(account: Account): string {
  const { user, uid, gid, shell, groups, notes, sudo, keys, failedlogins, sessions } = account;
  const root = sudo.filter((right) => right.root).length;
  const facts = [
    uid === undefined ? 'not in passwd' : `uid ${uid} gid ${gid}`,
    ...(groups.length > 0 ? [`groups ${groups.join(',')}`] : []),
    ...(shell === undefined ? [] : [`shell ${shell === '' ? '/bin/sh' : shell}`]),
    describeAccess(account),
    describePassword(account),
    ...(root > 0 ? [`${root} ${root === 1 ? 'rule' : 'rules'} to become root`] : []),
    describeLogin(account),
    ...(sessions === undefined ? [] : [`${sessions} open ${sessions === 1 ? 'session' : 'sessions'}`]),
    ...(failedlogins ? [`${failedlogins} failed ${failedlogins === 1 ? 'login' : 'logins'}`] : []),
    ...(keys ? [`${keys} authorized ${keys === 1 ? 'key' : 'keys'}`] : []),
  ];
  return `${user}: ${facts.join(', ')}${notes.length === 0 ? '' : ` !! ${notes.join('; ')}`}`;
}

function describeAccess({ login, inactivesince }: Account): string {
  if (login === null) return 'login unknown';
  if (login) return 'can log in';
  return `cannot log in${inactivesince === undefined ? '' : ` (inactive since ${inactivesince})`}`;
}

function describePassword({ password, algorithm, changed, agedays }: Account): string {
  const how = algorithm === undefined ? '' : ` ${algorithm}`;
  const when = changed === undefined ? '' : ` of ${changed} (${agedays} ${agedays === 1 ? 'day' : 'days'})`;
  return `password ${password}${how}${when}`;
}

function describeLogin({ lastlogin }: Account): string {
  if (!lastlogin) return 'no login recorded';
  const { time, from, tty } = lastlogin;
  return `last login ${time}${from === undefined ? '' : ` from ${from}`}${tty === undefined ? '' : ` on ${tty}`}`;
}

function detailLines({
  comment,
  home,
  homestate,
  shellstate,
  passwordexpires,
  accountexpires,
  sudo,
  lastlogin,
}: Account): readonly Line[] {
  const facts = [
    ...(comment === undefined ? [] : [`comment ${comment}`]),
    ...(home === undefined ? [] : [`home ${home} (${homestate})`]),
    ...(shellstate === 'not listed' || shellstate === 'missing' ? [`shell ${shellstate}`] : []),
    ...(passwordexpires === undefined ? [] : [`password expires ${passwordexpires}`]),
    ...(accountexpires === undefined ? [] : [`account expires ${accountexpires}`]),
    ...(lastlogin === undefined ? [] : [`login told by ${lastlogin.source}`]),
  ];
  return [
    ...(facts.length === 0 ? [] : [line(`    ${facts.join(', ')}`, 'quiet')]),
    ...sudo.map((right) => line(`    ${describeRight(right)}`, 'quiet')),
  ];
}

function describeRight(right: Right): string {
  const { tool, who, runas, file, line: at } = right;
  return `${tool}: ${who} as ${runas === '' ? 'itself' : runas} ${describeCommands(right)} (${file} line ${at})`;
}

function describeCommands({ commands, nopasswd, passwdfor = [], targetpassword }: Right): string {
  const asked = targetpassword ? ' with the password of the target' : '';
  if (!nopasswd) return `${commands.join(', ')}${asked}`;
  const free = commands.filter((command) => !passwdfor.includes(command));
  const rest = passwdfor.length === 0 ? '' : `, ${passwdfor.join(', ')}${asked || ' with a password'}`;
  return `${free.join(', ')} without a password${rest}`;
}

function describeGroup({ group, gid, members, notes }: Group): string {
  const who = members.length === 0 ? 'no members' : `members ${members.join(',')}`;
  return `group ${group}: gid ${gid}, ${who}${notes.length === 0 ? '' : ` !! ${notes.join('; ')}`}`;
}
