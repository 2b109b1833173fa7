import { AgentError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';

/** What a call of gumshoe-agent asks for. */
export type AgentCommand =
  | { readonly kind: 'help' | 'version' | 'settings' | 'stdio' }
  | { readonly kind: 'module'; readonly name: string; readonly streamBytes: number | undefined }
  | { readonly kind: 'file'; readonly path: string };

export interface AgentCommandLine {
  readonly command: AgentCommand;
  readonly pretty: boolean;
  readonly extraPrivacy: boolean;
}

const flags = ['-m', '-i', '-p', '-S', '-V', '-h', '--stdio', '--extra-privacy', '--help', '--version'];

export const agentHelp = `gumshoe-agent: runs modules on this host.

  gumshoe-agent --stdio        serves a console on standard input and output
  gumshoe-agent -m NAME [-p]   one module run: a line {"class":"parameters","parameters":{...}} in, a line with the result out
  gumshoe-agent -i FILE [-p]   runs the operations of an action file, prints an array of results
  gumshoe-agent -S             prints the limits in force
  gumshoe-agent -V             prints the version

  -p                lines for people instead of JSON
  --extra-privacy   results leave with names and addresses masked, by modules that can mask them

Example: echo '{"class":"parameters","parameters":{"gethostname":true}}' | gumshoe-agent -m example
`;

/** Reads the words behind the program's name. Throws AgentError AGENT_USAGE. */
export function parseCommandLine(words: readonly string[]): AgentCommandLine {
  const left = [...words];
  let command: AgentCommand | undefined;
  let pretty = false;
  let extraPrivacy = false;
  let streamBytes: number | undefined;
  const value = (flag: string): string => {
    const next = left.shift();
    if (next === undefined) throw new AgentError('AGENT_USAGE', `${flag}: expected a value, got the end of the line`);
    return next;
  };
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '-h' || word === '--help') return { command: { kind: 'help' }, pretty, extraPrivacy };
    if (word === '-V' || word === '--version') return { command: { kind: 'version' }, pretty, extraPrivacy };
    if (word === '-S') command = { kind: 'settings' };
    else if (word === '--stdio') command = { kind: 'stdio' };
    else if (word === '-m') command = { kind: 'module', name: value(word), streamBytes: undefined };
    else if (word === '-i') command = { kind: 'file', path: value(word) };
    else if (word === '-p') pretty = true;
    else if (word === '--extra-privacy') extraPrivacy = true;
    else if (word === '--events') streamBytes = parseBytes(word, value(word));
    else throw unknownWord(word);
  }
  if (!command) {
    throw new AgentError(
      'AGENT_USAGE',
      'expected --stdio, -m or -i, got none: this version does not run as a daemon yet',
    );
  }
  return { command: command.kind === 'module' ? { ...command, streamBytes } : command, pretty, extraPrivacy };
}

function parseBytes(flag: string, typed: string): number {
  if (/^\d{1,12}$/.test(typed)) return Number(typed);
  throw new AgentError('AGENT_USAGE', `${flag}: expected a number of bytes, got ${JSON.stringify(typed)}`);
}

function unknownWord(word: string): AgentError {
  const near = nearest(word, flags);
  return new AgentError(
    'AGENT_USAGE',
    `${JSON.stringify(word)} is no flag of gumshoe-agent${near ? `: did you mean ${near}?` : ''}`,
  );
}
