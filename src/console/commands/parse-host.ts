/** How a host is written, in `hosts add` and in the lines of a file: NAME [DESTINATION] [TAG=VALUE ...] [--agent PATH]. */
import { StoreError } from '../../base/app-error.ts';
import { checkHostName, type Host } from '../../store/hosts.ts';
import { checkAgentPath, parseDestination } from '../../transport/destination.ts';
import { usageError } from '../command.ts';

export const defaultAgentPath = 'gumshoe-agent';

/** Throws ConsoleError COMMAND_USAGE, StoreError or TransportError HOST_INVALID. */
export function parseHost(words: readonly string[]): Host {
  const tags: Record<string, string> = {};
  const plain: string[] = [];
  let agentPath = defaultAgentPath;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, inline] = /^--?agent(?:=(.*))?$/s.exec(word) ?? [];
    if (inline !== undefined) agentPath = checkAgentPath(inline);
    else if (/^--?agent$/.test(word)) agentPath = checkAgentPath(words[++at] ?? '');
    else if (/^[^=]+=/.test(word) && plain.length > 0) addTag(tags, word);
    else plain.push(word);
  }
  const [name, destination, extra] = plain;
  if (name === undefined) throw usageError('expected the name of a host, got none');
  if (extra !== undefined) {
    throw usageError(
      `expected a destination, tags (KEY=VALUE) or --agent PATH, got ${JSON.stringify(extra.slice(0, 100))}`,
    );
  }
  checkHostName(name);
  parseDestination(destination ?? name);
  return { name, destination: destination ?? name, agentPath, tags };
}

/** One host a line; blank lines and what stands behind # are passed over. Throws as parseHost does, with the number of the line. */
export function parseHostFile(text: string): readonly Host[] {
  const names = new Set<string>();
  return text.split('\n').flatMap((row, at) => {
    const words = row.replace(/(^|\s)#.*$/s, '').trim();
    if (words === '') return [];
    try {
      const host = parseHost(words.split(/\s+/));
      if (names.has(host.name)) throw new StoreError('HOST_INVALID', `host ${host.name} stands twice in the file`);
      names.add(host.name);
      return [host];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoreError('HOST_INVALID', `line ${at + 1}: ${reason}; nothing was added`, { cause: error });
    }
  });
}

function addTag(tags: Record<string, string>, word: string): void {
  const at = word.indexOf('=');
  const [key, value] = [word.slice(0, at), word.slice(at + 1)];
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(key) || value.length > 1024 || /[\p{Cc}]/u.test(value)) {
    throw new StoreError('HOST_INVALID', `expected a tag like role=web, got ${JSON.stringify(word.slice(0, 100))}`);
  }
  tags[key] = value;
}
