import { splitList } from './split-list.ts';

/** One command of a rule of sudoers, with what holds for it. */
export interface SudoCommand {
  /** As it is written, a leading ! included: "/usr/bin/apt update", "ALL", an alias. */
  readonly command: string;
  /** Undefined when the rule says none: the host's default, root. */
  readonly runAsUsers: readonly string[] | undefined;
  readonly runAsGroups: readonly string[] | undefined;
  /** "NOPASSWD", "SETENV", ...; those of earlier commands of the list hold on. */
  readonly tags: readonly string[];
}

const tagNames = /^(NO)?(EXEC|FOLLOW|LOG_INPUT|LOG_OUTPUT|MAIL|PASSWD|SETENV|INTERCEPT)\s*:\s*/;
const optionNames =
  /^(ROLE|TYPE|PRIVS|LIMITPRIVS|APPARMOR_PROFILE|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER)\s*=\s*("[^"]*"|\S+)\s*/;
const digests = /^(sha(224|256|384|512)\s*:\s*[A-Za-z0-9+/=]+\s*,?\s*)/;
const maxCommands = 10_000;

type Inherited = Omit<SudoCommand, 'command'>;

/**
 * The commands behind the = of a rule, and what follows a ":" that begins the next host's. Undefined when they are not understood.
 * Source: the grammar of sudoers(5), Cmnd_Spec_List.
 */
export function parseCommands(
  text: string,
): { readonly commands: readonly SudoCommand[]; readonly rest: string | undefined } | undefined {
  const commands: SudoCommand[] = [];
  let inherited: Inherited = { runAsUsers: undefined, runAsGroups: undefined, tags: [] };
  for (let rest = text.trim(); commands.length < maxCommands;) {
    const before = takeBefore(rest, inherited);
    if (before === undefined) return undefined;
    inherited = before.inherited;
    const end = commandEnd(before.rest);
    const command = before.rest.slice(0, end).trim();
    if (command === '' || command === '!') return undefined;
    commands.push({ command: command.replace(/^(!+)\s+/, '$1'), ...inherited });
    const separator = before.rest[end];
    rest = before.rest.slice(end + 1).trim();
    if (separator !== ',') return { commands, rest: separator === undefined ? undefined : rest };
  }
  return undefined;
}

/** Takes run-as, options, tags and digests from before a command. */
function takeBefore(
  text: string,
  inherited: Inherited,
): { readonly inherited: Inherited; readonly rest: string } | undefined {
  let rest = text;
  let now = inherited;
  if (rest.startsWith('(')) {
    const end = rest.indexOf(')');
    if (end < 0) return undefined;
    const [users = '', groups] = rest.slice(1, end).split(':', 2);
    now = {
      ...now,
      runAsUsers: splitList(users, ','),
      runAsGroups: groups === undefined ? undefined : splitList(groups, ','),
    };
    rest = rest.slice(end + 1).trimStart();
  }
  for (;;) {
    const tag = tagNames.exec(rest);
    if (tag) now = { ...now, tags: withTag(now.tags, `${tag[1] ?? ''}${tag[2]}`) };
    const taken = tag ?? optionNames.exec(rest) ?? digests.exec(rest);
    if (!taken) return { inherited: now, rest };
    rest = rest.slice(taken[0].length);
  }
}

/** A tag takes back its opposite. */
function withTag(tags: readonly string[], tag: string): readonly string[] {
  const opposite = tag.startsWith('NO') ? tag.slice(2) : `NO${tag}`;
  return [...tags.filter((one) => one !== opposite && one !== tag), tag];
}

/** Where a command ends: a comma or colon without a backslash; in a regular expression (^...$) only behind its $. */
function commandEnd(text: string): number {
  let inRegex = text.startsWith('^');
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (inRegex && character === '$' && /^(\s*$|\s|,|:)/.test(text.slice(at + 1, at + 3))) inRegex = false;
    else if (!inRegex && !quoted && (character === ',' || character === ':')) return at;
  }
  return text.length;
}
