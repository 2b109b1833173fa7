import type { FoundKey, KeyFileKind } from '../../src/linux/ssh/parse-key-file.ts';
import type { KeyType } from './elements.ts';

/** Which files are worth reading for the types that are asked for, and what is looked for in them. */
export interface WantedKeys {
  /** Empty where a file of this kind needs not be read; `isTrusted` tells whether the server takes authorities from it. */
  readonly in: (kind: KeyFileKind, isTrusted: () => boolean) => ReadonlySet<FoundKey['kind']>;
}

/** Where keys of a type stand, and as what they are found there. Authorities stand in the files that the server's settings name. */
const places: Readonly<Record<KeyType, { readonly key: FoundKey['kind']; readonly files: readonly KeyFileKind[] }>> = {
  private: { key: 'private', files: ['any', 'authorizedkeys'] },
  public: { key: 'public', files: ['any'] },
  authorizedkeys: { key: 'public', files: ['authorizedkeys'] },
  certificate: { key: 'public', files: ['any'] },
  trustedca: { key: 'public', files: [] },
  knownhost: { key: 'knownhost', files: ['knownhosts'] },
};

/** Without types, all but known hosts, which come only when they are asked for. */
export function createWantedKeys(types: readonly string[], options: { readonly wantsKnownHosts: boolean }): WantedKeys {
  const isWanted = (type: string): boolean =>
    types.length === 0 ? type !== 'knownhost' || options.wantsKnownHosts : types.includes(type);
  const wanted = Object.entries(places).filter(([type]) => isWanted(type));
  const keysIn = (kind: KeyFileKind): ReadonlySet<FoundKey['kind']> =>
    new Set(wanted.flatMap(([, { key, files }]) => (files.includes(kind) ? [key] : [])));
  const sets = { any: keysIn('any'), authorizedkeys: keysIn('authorizedkeys'), knownhosts: keysIn('knownhosts') };
  const withPublic = new Set<FoundKey['kind']>([...sets.any, 'public']);
  return {
    in: (kind, isTrusted) =>
      kind === 'any' && !sets.any.has('public') && isWanted('trustedca') && isTrusted() ? withPublic : sets[kind],
  };
}
