import { AgentError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';
import { parseDuration } from '../base/go-format.ts';

/** What a call of gumshoe-agent asks for. */
export type AgentCommand =
  | { readonly kind: 'daemon' | 'help' | 'version' | 'settings' | 'restartHelper' }
  /** Who serves: a daemon when there is one that may be talked to, a daemon or nobody, or this process alone. */
  | { readonly kind: 'stdio'; readonly through: 'any' | 'daemon' | 'own' }
  | { readonly kind: 'module'; readonly name: string; readonly streamBytes: number | undefined }
  | { readonly kind: 'persist'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'ask'; readonly request: DaemonRequest; readonly json: boolean }
  | { readonly kind: 'install'; readonly root: string | undefined }
  | { readonly kind: 'uninstall'; readonly root: string | undefined; readonly purge: boolean };

/** `-q`: what is asked of the daemon. `module` and `timeoutMs` are undefined where they were not given. */
export interface DaemonRequest {
  readonly type: (typeof requests)[number];
  /** One persistent module to restart; undefined = the agent. */
  readonly module: string | undefined;
  readonly timeoutMs: number | undefined;
}

export interface AgentCommandLine {
  readonly command: AgentCommand;
  readonly pretty: boolean;
  readonly extraPrivacy: boolean;
  /** `-c FILE`. */
  readonly configPath: string | undefined;
}

const requests = ['status', 'restart', 'shutdown'] as const;

export const agentHelp = `gumshoe-agent: runs modules on this host.

  gumshoe-agent                runs as the agent of this host, in the foreground, until TERM or INT
  gumshoe-agent --stdio        serves a console on standard input and output: by the agent that runs here if it may, else by itself
  gumshoe-agent -m NAME [-p]   one module run: a line {"class":"parameters","parameters":{...}} in, a line with the result out
  gumshoe-agent -P NAME        one persistent module: a line {"class":"config",...} in, then pings; ends with its input
  gumshoe-agent -i FILE [-p]   runs the operations of an action file, prints an array of results
  gumshoe-agent -q status|restart|shutdown [MODULE]
                               asks the agent that runs here; restart of a persistent MODULE alone when it is named
  gumshoe-agent -S             prints the configuration in force, the limits, and where each value comes from
  gumshoe-agent -V             prints the version
  gumshoe-agent install        makes it a service of this host: unit file, example configuration, started now and at boot
  gumshoe-agent uninstall      takes the service away; configuration and state are kept

  -c FILE           the configuration, instead of /etc/gumshoe/agent.yaml (root) or ~/.config/gumshoe/agent.yaml
  -p                lines for people instead of JSON
  --extra-privacy   results leave with names and addresses masked, by modules that can mask them
  --daemon, --own   with --stdio: only through the agent that runs here, or never through it
  --timeout 30s     with -q: how long a restart may take
  --json            with -q: the answers as lines of JSON
  --root DIR        with install and uninstall: writes below another root, for images; nothing is started
  --purge           with uninstall: configuration, state and run folders are removed, too

Examples: echo '{"class":"parameters","parameters":{"gethostname":true}}' | gumshoe-agent -m example
          gumshoe-agent -c ./agent.yaml
          gumshoe-agent -q status
          gumshoe-agent -q restart fswatch --timeout 10s
          sudo gumshoe-agent install
`;

/** What stands in the words: the command that was named, and every flag that belongs to some of them. */
interface Reading {
  command: AgentCommand | undefined;
  /** The word that named the command. */
  by: string;
  readonly values: Map<string, string>;
  readonly switches: Set<string>;
  /** Words that are no flags: the module of `-q restart`. */
  readonly words: string[];
}

/** Flags that go with any command. */
const anywhere = ['-p', '--extra-privacy', '-c'];
/** Flags that go with some commands alone. */
const belongsTo: Readonly<Record<string, readonly AgentCommand['kind'][]>> = {
  '--events': ['module'],
  '--daemon': ['stdio'],
  '--own': ['stdio'],
  '--timeout': ['ask'],
  '--json': ['ask'],
  '--root': ['install', 'uninstall'],
  '--purge': ['uninstall'],
};
const commandWords = ['-m', '-P', '-i', '-q', '-S', '-V', '-h', '--stdio', '--help', '--version'];
const flags = [...commandWords, ...anywhere, ...Object.keys(belongsTo), 'install', 'uninstall'];
const withValue = new Set(['-c', '--events', '--timeout', '--root']);

/** Reads the words behind the program's name. Throws AgentError AGENT_USAGE. */
export function parseCommandLine(words: readonly string[]): AgentCommandLine {
  const reading = readWords(words);
  const { values, switches } = reading;
  const command = reading.command ?? { kind: 'daemon' as const };
  checkFlags(reading, command);
  return {
    command: complete(command, reading),
    pretty: switches.has('-p'),
    extraPrivacy: switches.has('--extra-privacy'),
    configPath: values.get('-c'),
  };
}

function readWords(words: readonly string[]): Reading {
  const left = [...words];
  const reading: Reading = { command: undefined, by: '', values: new Map(), switches: new Set(), words: [] };
  const value = (flag: string): string => {
    const next = left.shift();
    if (next === undefined) throw new AgentError('AGENT_USAGE', `${flag}: expected a value, got the end of the line`);
    return next;
  };
  const name = (word: string, command: AgentCommand): void => {
    if (reading.command && reading.by !== word) {
      throw new AgentError('AGENT_USAGE', `expected one command, got ${reading.by} and ${word}`);
    }
    Object.assign(reading, { command, by: word });
  };
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const command = readCommand(word, value);
    // Whoever asks for help gets it, whatever stands behind.
    if (command?.kind === 'help' || command?.kind === 'version') return { ...reading, command, words: [] };
    if (command) name(word, command);
    else if (withValue.has(word)) reading.values.set(word, value(word));
    else if (anywhere.includes(word) || Object.hasOwn(belongsTo, word)) reading.switches.add(word);
    else if (reading.command?.kind === 'ask' && !word.startsWith('-')) reading.words.push(word);
    else throw unknownWord(word);
  }
  return reading;
}

function readCommand(word: string, value: (flag: string) => string): AgentCommand | undefined {
  switch (word) {
    case '-h':
    case '--help':
      return { kind: 'help' };
    case '-V':
    case '--version':
      return { kind: 'version' };
    case '-S':
      return { kind: 'settings' };
    case '--stdio':
      return { kind: 'stdio', through: 'any' };
    case '-m':
      return { kind: 'module', name: value(word), streamBytes: undefined };
    case '-P':
      return { kind: 'persist', name: value(word) };
    case '-i':
      return { kind: 'file', path: value(word) };
    case '-q':
      return {
        kind: 'ask',
        request: { type: readRequest(value(word)), module: undefined, timeoutMs: undefined },
        json: false,
      };
    case '--restart-helper':
      return { kind: 'restartHelper' };
    case 'install':
      return { kind: 'install', root: undefined };
    case 'uninstall':
      return { kind: 'uninstall', root: undefined, purge: false };
    default:
      return undefined;
  }
}

/** The command with the flags that belong to it. */
function complete(command: AgentCommand, { values, switches, words }: Reading): AgentCommand {
  const events = values.get('--events');
  const timeout = values.get('--timeout');
  switch (command.kind) {
    case 'module':
      return { ...command, streamBytes: events === undefined ? undefined : parseBytes('--events', events) };
    case 'stdio':
      if (switches.has('--daemon') && switches.has('--own')) {
        throw new AgentError('AGENT_USAGE', 'expected --daemon or --own, got both');
      }
      return { ...command, through: switches.has('--daemon') ? 'daemon' : switches.has('--own') ? 'own' : 'any' };
    case 'ask': {
      const [module, second] = words;
      const superfluous = command.request.type === 'restart' ? second : module;
      if (superfluous !== undefined) throw unknownWord(superfluous);
      const timeoutMs = timeout === undefined ? undefined : parseTimeout(timeout);
      return { ...command, request: { ...command.request, module, timeoutMs }, json: switches.has('--json') };
    }
    case 'install':
      return { ...command, root: values.get('--root') };
    case 'uninstall':
      return { ...command, root: values.get('--root'), purge: switches.has('--purge') };
    default:
      return command;
  }
}

function checkFlags({ values, switches, by }: Reading, { kind }: AgentCommand): void {
  for (const flag of [...values.keys(), ...switches]) {
    const kinds = belongsTo[flag];
    if (kinds && kind !== 'help' && kind !== 'version' && !kinds.includes(kind)) {
      throw new AgentError('AGENT_USAGE', `${flag} does not go with ${by === '' ? 'a call without a command' : by}`);
    }
  }
}

function readRequest(typed: string): DaemonRequest['type'] {
  const found = requests.find((request) => request === typed);
  if (found) return found;
  const near = nearest(typed, requests);
  throw new AgentError(
    'AGENT_USAGE',
    `-q: expected ${requests.join(', ')}, got ${JSON.stringify(typed)}${near ? `: did you mean ${near}?` : ''}`,
  );
}

function parseTimeout(typed: string): number {
  const ms = parseDuration(typed);
  if (ms !== undefined && ms > 0) return ms;
  throw new AgentError('AGENT_USAGE', `--timeout: expected a duration as 30s or 2m, got ${JSON.stringify(typed)}`);
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
