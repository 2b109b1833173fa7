import { lstatSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { isGone } from '../../src/linux/errno.ts';
import type { SshdSetting } from '../../src/linux/sshd/parse-sshd-config.ts';
import { encodePath } from '../../src/search/walk/path-text.ts';
import type { Host } from './host.ts';
import { realPath, type LoginIndex } from './login-index.ts';
import type { Problems } from './problems.ts';

/** Where a search begins. */
export interface Roots {
  /** Without links in front. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** The paths that an investigator gave; one that is missing is told. */
export function rootsOfPaths(paths: readonly string[], problems: Problems): Roots {
  const folders = new Set<string>();
  const files = new Set<string>();
  for (const path of paths) {
    try {
      const clean = posix.normalize(path).replace(/(?<=.)\/$/, '');
      if (statSync(encodePath(clean)).isDirectory()) folders.add(realPath(clean));
      else files.add(clean);
    } catch (error) {
      problems.unreadable(path, error);
    }
  }
  return { folders: withoutNested([...folders]), files: [...files] };
}

/** Where keys are on a host: homes, and what the server's settings name. What is not there is no problem. */
export function defaultRoots(
  host: Host,
  logins: LoginIndex,
  settings: readonly SshdSetting[],
  problems: Problems,
): Roots {
  const homes = logins.accounts.flatMap(({ home }) => placesInHome(home));
  const folders = [...host.homeFolders, ...homes, host.sshFolder].filter((path) => isFolder(path, problems));
  const named = settings
    .filter(({ keyword }) => /^(trustedusercakeys|hostkey|hostcertificate)$/.test(keyword))
    .flatMap(({ values }) => values.slice(0, 1))
    .filter((path) => path.startsWith('/'));
  const files = [...logins.places, ...named].filter((path) => isThere(path));
  return { folders: withoutNested([...new Set(folders.map(realPath))]), files: [...new Set(files)] };
}

/** Of an account that lives among programs or devices only its .ssh. */
function placesInHome(home: string): readonly string[] {
  if (!home.startsWith('/') || home.includes('\0')) return [];
  const clean = posix.normalize(home).replace(/(?<=.)\/$/, '');
  const isSystem = /^\/(bin|sbin|usr|dev|proc|sys|run|lib|boot)(\/|$)/.test(clean) || clean.split('/').length < 3;
  return isSystem ? [posix.join(clean, '.ssh')] : [clean];
}

function isFolder(path: string, problems: Problems): boolean {
  try {
    return statSync(encodePath(path)).isDirectory();
  } catch (error) {
    if (!isGone(error)) problems.unreadable(path, error);
    return false;
  }
}

/** A file that cannot even be looked for lies in a folder that the walk tells of. */
function isThere(path: string): boolean {
  try {
    lstatSync(encodePath(path));
    return true;
  } catch (error) {
    return !isGone(error);
  }
}

/** Folders that lie in no other of them. */
function withoutNested(folders: readonly string[]): readonly string[] {
  return folders.filter((path) => !folders.some((above) => above !== path && isBelow(path, above)));
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(above === '/' ? above : `${above}/`);
}
