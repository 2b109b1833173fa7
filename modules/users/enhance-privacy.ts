import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Account, Elements, Group, LastLogin, Right, Statistics } from './elements.ts';

/**
 * Masks who the people are and where they come from: names of accounts (root stays), comments, homes, members of groups, whom and as whom rules name,
 * remote hosts, and paths of homes in errors. Ids, groups, shells, ages and notes stay.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return {
    ...result,
    elements: elements && {
      ...elements,
      ...(elements.accounts ? { accounts: elements.accounts.map(maskAccount) } : {}),
      ...(elements.groups ? { groups: elements.groups.map(maskGroup) } : {}),
      ...(elements.unboundrules ? { unboundrules: elements.unboundrules.map(maskRight) } : {}),
    },
    errors: errors && errors.map(maskHomes),
  };
}

function maskAccount(account: Account): Account {
  const { user, comment, home, lastlogin } = account;
  return {
    ...account,
    user: maskName(user),
    ...(comment === undefined ? {} : { comment: masked }),
    ...(home === undefined ? {} : { home: masked }),
    // A private group has the name of its user.
    groups: account.groups.map((group) => (group === user ? maskName(group) : group)),
    sudo: account.sudo.map(maskRight),
    ...(lastlogin ? { lastlogin: maskLogin(lastlogin) } : {}),
    notes: account.notes.map(maskNote),
  };
}

function maskLogin(login: LastLogin): LastLogin {
  return { ...login, ...(login.from === undefined ? {} : { from: masked }) };
}

function maskGroup({ group, gid, members, notes }: Group): Group {
  return {
    group: members.includes(group) ? maskName(group) : group,
    gid,
    members: members.map(maskName),
    notes: notes.map(maskNote),
  };
}

function maskRight(right: Right): Right {
  const hide = (names: string): string => (/^(%[\w.-]+|:[\w.-]+|ALL|root|)$/.test(names) ? names : masked);
  return { ...right, who: hide(right.who), runas: hide(right.runas), commands: right.commands.map(maskHomes) };
}

function maskName(name: string): string {
  return name === 'root' ? name : masked;
}

/** Whatever names somebody stands behind the first colon of a note. */
function maskNote(note: string): string {
  return note.replace(/: .*$/s, `: ${masked}`);
}

function maskHomes(text: string): string {
  return text.replace(/\/home\/[^/\s,]+/g, `/home/${masked}`);
}
