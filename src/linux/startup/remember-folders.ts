import type { HostFiles } from '../host/host-files.ts';

/** The files, those of some folders read once: thousands of users share the same units. */
export function rememberFolders(files: HostFiles, folders: readonly string[]): HostFiles {
  const prefixes = folders.map((folder) => `${folder}/`);
  const isShared = (path: string): boolean => prefixes.some((prefix) => `${path}/`.startsWith(prefix));
  const once = <Result>(read: (path: string) => Result): ((path: string) => Result) => {
    const known = new Map<string, { readonly result: Result }>();
    return (path) => {
      if (!isShared(path)) return read(path);
      const answer = known.get(path) ?? { result: read(path) };
      known.set(path, answer);
      return answer.result;
    };
  };
  return {
    ...files,
    resolve: once(files.resolve),
    list: once(files.list),
    readText: once((path) => files.readText(path)),
    readLink: once(files.readLink),
  };
}
