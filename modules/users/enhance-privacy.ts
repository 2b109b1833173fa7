import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Account, Elements, Group, LastLogin, Right, Statistics } from './elements.ts';

/**
 * Masks who the people are and where they come from: names of accounts (root stays), comments, homes, members of groups, whom and as whom rules name,
 * remote hosts, and paths of homes in errors. Ids, groups, shells, ages and notes stay.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  const people = new Set([
    ...(elements?.accounts ?? []).map(({ user }) => user),
    ...(elements?.groups ?? []).flatMap(({ members }) => members),
  ]);
  return {
    ...result,
    elements: elements && {
      ...elements,
      ...(elements.accounts ? { accounts: elements.accounts.map((account) => maskAccount(account, people)) } : {}),
      ...(elements.groups ? { groups: elements.groups.map((group) => maskGroup(group, people)) } : {}),
      ...(elements.unboundrules
        ? { unboundrules: elements.unboundrules.map((right) => maskRight(right, people)) }
        : {}),
      ...(elements.notes ? { notes: elements.notes.map((note) => maskNote(note, people)) } : {}),
    },
    errors: errors && errors.map(maskHomes),
  };
}

type Names = ReadonlySet<string>;

function maskAccount(account: Account, people: Names): Account {
  const { user, comment, home, lastlogin } = account;
  return {
    ...account,
    user: maskName(user),
    ...(comment === undefined ? {} : { comment: masked }),
    ...(home === undefined ? {} : { home: masked }),
    // A private group has the name of its user.
    groups: account.groups.map((group) => (people.has(group) ? maskName(group) : group)),
    sudo: account.sudo.map((right) => maskRight(right, people)),
    ...(lastlogin ? { lastlogin: maskLogin(lastlogin) } : {}),
    notes: account.notes.map((note) => maskNote(note, people)),
  };
}

function maskLogin(login: LastLogin): LastLogin {
  return { ...login, ...(login.from === undefined ? {} : { from: masked }) };
}

function maskGroup({ group, gid, members, notes }: Group, people: Names): Group {
  return {
    group: people.has(group) ? maskName(group) : group,
    gid,
    members: members.map(maskName),
    notes: notes.map((note) => maskNote(note, people)),
  };
}

function maskRight(right: Right, people: Names): Right {
  const hide = (names: string): string => (/^(%[\w.-]+|:[\w.-]+|ALL|root|)$/.test(names) ? names : masked);
  return {
    ...right,
    // Administrators call files of sudoers.d by the account they are for.
    file: maskWords(right.file, people),
    who: maskWords(hide(right.who), people),
    runas: hide(right.runas),
    commands: right.commands.map(maskHomes),
    ...(right.passwdfor ? { passwdfor: right.passwdfor.map(maskHomes) } : {}),
  };
}

function maskName(name: string): string {
  return name === 'root' ? name : masked;
}

/** Whatever names somebody else stands behind the first colon of a note; before it only paths do. */
function maskNote(note: string, people: Names): string {
  return maskWords(note.replace(/: .*$/s, `: ${masked}`), people);
}

function maskWords(text: string, people: Names): string {
  return text.replace(/[^\s/,:()%]+/g, (word) => (people.has(word) ? maskName(word) : word));
}

function maskHomes(text: string): string {
  return text.replace(/\/home\/[^/\s,]+/g, `/home/${masked}`);
}
