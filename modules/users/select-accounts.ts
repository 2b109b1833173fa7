import { matchesMtime, parseMtimeCondition } from '../../src/files/mtime-condition.ts';
import { createTextsTest } from '../../src/files/match-texts.ts';
import type { Account, Right } from './elements.ts';
import type { Params } from './params.ts';
import { parseUidCondition } from './uid-condition.ts';

/** What is known of an account beyond what travels. */
export interface Moments {
  readonly changedMs: number | undefined;
  readonly loginMs: number | undefined;
  /** False when no record of logins could be read: "never" is then not known. */
  readonly isLoginKnown: boolean;
}

export interface Selection {
  /** False when every account is wanted. */
  readonly isNarrow: boolean;
  readonly accepts: (account: Account, moments: Moments) => boolean;
  readonly acceptsGroup: (name: string) => boolean;
}

/**
 * The conditions of validated parameters. Conditions of different kinds must all hold; of several values of one kind one must, and each that begins with !
 * must as well.
 */
export function createSelection(params: Params, nowMs: number): Selection {
  const name = createTextsTest(params.names);
  const group = createTextsTest(params.groups);
  const shell = createTextsTest(params.shells);
  const uids = (params.uids ?? []).flatMap((uid) => parseUidCondition(uid) ?? []);
  const changed = createMomentTest(params.changed, nowMs);
  const login = createMomentTest(params.lastlogin, nowMs);
  const isNarrow =
    [params.names, params.groups, params.shells, params.uids].some((list) => (list?.length ?? 0) > 0) ||
    [params.changed, params.lastlogin].some((condition) => condition !== undefined) ||
    [params.sudo, params.login].includes(true);
  return {
    isNarrow,
    acceptsGroup: (one) => group([one]),
    accepts: (account, moments) =>
      name([account.user]) &&
      group(account.groups) &&
      shell([account.shell ?? '']) &&
      (uids.length === 0 || uids.some(({ from, to }) => isWithin(account.uid, from, to))) &&
      (!params.sudo || account.uid === 0 || account.sudo.some(givesRoot)) &&
      // What is not known counts as a yes.
      (!params.login || account.login !== false) &&
      (!params.suspicious || account.notes.length > 0) &&
      changed(moments.changedMs, false) &&
      login(moments.loginMs, moments.isLoginKnown),
  };
}

/** A rule that asks for the password of root gives nothing to who does not know it. */
function givesRoot({ root, nopasswd, targetpassword }: Right): boolean {
  return root && (nopasswd || !targetpassword);
}

function isWithin(uid: number | undefined, from: number, to: number): boolean {
  return uid !== undefined && uid >= from && uid <= to;
}

/** An unknown moment passes no condition; one that is known never to have been is longer ago than any. */
function createMomentTest(
  text: string | undefined,
  nowMs: number,
): (ms: number | undefined, isNever: boolean) => boolean {
  const condition = text === undefined ? undefined : parseMtimeCondition(text);
  if (!condition) return () => true;
  return (ms, isNever) =>
    ms === undefined ? isNever && condition.relation === 'older' : matchesMtime(condition, ms, nowMs);
}
