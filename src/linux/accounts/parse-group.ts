import { isId, parseColonLines, type Parsed } from './parse-passwd.ts';

/** A line of group(5). */
export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  /** True when a password lets others join the group: its hash stands in a file that everybody can read. */
  readonly hasPassword: boolean;
}

/** A line of gshadow(5). */
export interface GroupShadowEntry {
  readonly name: string;
  /** True when a password lets others join the group. */
  readonly hasPassword: boolean;
  readonly administrators: readonly string[];
  readonly members: readonly string[];
}

export function parseGroups(text: string): Parsed<GroupEntry> {
  return parseColonLines(text, ([name = '', password = '', gid = '', members = '']) =>
    name === '' || !isId(gid)
      ? undefined
      : { name, gid: Number(gid), members: names(members), hasPassword: isPassword(password) },
  );
}

export function parseGroupShadow(text: string): Parsed<GroupShadowEntry> {
  return parseColonLines(text, (fields) => {
    const [name = '', password = '', administrators = '', members = ''] = fields;
    if (fields.length < 2 || name === '') return undefined;
    return { name, hasPassword: isPassword(password), administrators: names(administrators), members: names(members) };
  });
}

function isPassword(field: string): boolean {
  return field !== '' && !/^[!*]|^x$/.test(field);
}

function names(list: string): readonly string[] {
  return list.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
}
