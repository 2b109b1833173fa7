/**
 * One command from the shell: `gumshoe file -path /etc -name ^passwd$`. What was found goes to standard output, everything else to standard error.
 * Exit status: 0 something found (or done), 1 nothing found, 2 the request is wrong, 3 an agent failed or stayed silent, 130 interrupted.
 */
import { findModule } from '../../modules/index.ts';
import { reportOf } from '../base/app-error.ts';
import { quoteWord } from '../module/flags.ts';
import { formatModuleHelp } from '../module/help.ts';
import { line, type Line } from '../module/line.ts';
import type { Action } from '../protocol/action.ts';
import { listActions } from '../store/actions.ts';
import { commands } from './commands/command-list.ts';
import { formatActionJson } from './commands/draft-files.ts';
import { checkComplete } from './draft.ts';
import { parseCommandLine, type CommandLine, type GlobalFlags } from './global-flags.ts';
import type { Hosts } from './hosts.ts';
import { openCase } from './open-case.ts';
import { describeSummary, showResults } from './perform/show-results.ts';
import { createPlainOutput, type PlainOutput, type PlainStreams } from './plain-output.ts';
import type { Screen } from './ports.ts';
import { createProgram, type RunningProgram } from './program.ts';
import { readRequest, shellWords, unknownWord } from './read-request.ts';
import { wantsColour } from './render-line.ts';
import type { ResultSummary } from './results/read-items.ts';
import { parseResultQuery, type ResultQuery } from './results/result-query.ts';
import { initialSettings } from './settings.ts';
import { isCondition } from '../target/compile-target.ts';
import { expandTarget } from './perform/targets.ts';
import { requireTarget } from './targets.ts';
import { usageLines } from './usage.ts';
import { splitWords } from './words.ts';
import type { AgentLink } from '../transport/link.ts';

export interface OneShotOptions extends PlainStreams {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly createLinks: () => readonly AgentLink[];
  readonly createHosts?: () => Hosts;
  /** Registers what an interrupt does; returns its removal. */
  readonly onInterrupt: (listener: () => void) => () => void;
  readonly columns: number | undefined;
}

/** How long an interrupted command waits for what its agents had found. */
const maxStopMs = 1500;

export async function runOneShot(argv: readonly string[], options: OneShotOptions): Promise<number> {
  let hasLost = false;
  const { stdout, stderr, environment } = options;
  const output = createPlainOutput(options, {
    colour: wantsColour(stdout as { isTTY?: boolean }, environment),
    errorColour: wantsColour(stderr as { isTTY?: boolean }, environment),
    onGone: () => undefined,
    onLost: () => {
      hasLost = true;
    },
  });
  const status = await runGuarded(argv, output, options);
  await output.flush();
  return hasLost ? 3 : status;
}

async function runGuarded(argv: readonly string[], output: PlainOutput, options: OneShotOptions): Promise<number> {
  try {
    if (/^--?(help|h)$/.test(argv[0] ?? '')) return printHelp(argv.slice(1), output);
    return await runCommandLine(parseCommandLine(argv, findModule), argv, output, options);
  } catch (error) {
    const { code, message, hint } = reportOf(error);
    output.printError([line(`gumshoe: ${message}${message.endsWith('?') ? '' : '.'} ${hint}`, 'error')]);
    if (code === 'BUG') output.printError([line(error instanceof Error ? (error.stack ?? '') : '')]);
    return 2;
  }
}

async function runCommandLine(
  commandLine: CommandLine,
  argv: readonly string[],
  output: PlainOutput,
  options: OneShotOptions,
): Promise<number> {
  const { flags, word, rest } = commandLine;
  if (word === 'help' || (word === undefined && flags.actionFile === undefined)) return printHelp(rest, output);
  if (word !== undefined && findModule(word) && /^(--?)?(help|h)$/.test(rest[0] ?? ''))
    return printHelp([word], output);
  if (flags.config !== undefined) {
    output.printError([line(`-c ${flags.config}: nothing is configured by a file yet, it is not read`, 'warning')]);
  }
  if (word !== undefined && shellWords.some((one) => one === word))
    return runShellWord(word, rest, flags, output, options);
  const { action, notices } = await readRequest(commandLine, argv);
  output.printError(notices.map((notice) => line(notice, 'warning')));
  if (!flags.printAction) return runAction(action, flags, output, options);
  output.printSafe(formatActionJson(action, false));
  return 0;
}

function printHelp(topics: readonly string[], output: PlainOutput): number {
  const [topic] = topics;
  if (topic === undefined || topic === 'modules') {
    output.print(usageLines());
    return 0;
  }
  const module = findModule(topic);
  if (module) {
    output.print(formatModuleHelp(module));
    return 0;
  }
  const command = commands.find(({ name, modes }) => name === topic && modes.includes('base'));
  if (!command) throw unknownWord(topic);
  const isOfShell = shellWords.some((word) => word === command.name);
  output.print([
    line(`${command.name}: ${command.summary}`, 'heading'),
    line(`usage: ${isOfShell ? 'gumshoe ' : ''}${command.usage}`),
    ...(isOfShell
      ? []
      : [
          ...command.examples.map((example) => line(`  ${example}`)),
          line('a command of the console: start "gumshoe", or pipe lines into it', 'quiet'),
        ]),
  ]);
  return 0;
}

async function runAction(
  action: Action,
  flags: GlobalFlags,
  output: PlainOutput,
  options: OneShotOptions,
): Promise<number> {
  const { program, resultScreen } = start(flags, output, options, (lines) =>
    // Hints of the console speak of words that a shell does not know.
    output.printError(lines.filter(({ tone }) => tone !== 'quiet')),
  );
  const stopped = Promise.withResolvers<void>();
  let isInterrupted = false;
  const stop = options.onInterrupt(() => {
    isInterrupted = true;
    stopped.resolve();
    void interrupt(program);
  });
  try {
    await learnAgents(program, flags.target ?? action.target, stopped.promise);
    if (isInterrupted) return 130;
    const target = chooseTarget(program, action, flags);
    checkComplete({ ...action, target });
    const targets = requireTarget(program.state(), target, Date.now()).map((agent) => agent.target);
    const effect = { kind: 'launch', action: { ...action, target }, targets, follow: true } as const;
    if (!(await program.run([effect]))) return isInterrupted ? 130 : 3;
    const [launched] = listActions(program.context.store, { limit: 1 });
    if (!launched) return 3;
    const query: ResultQuery = { action: launched.id, show: flags.show, format: flags.format, pipes: [] };
    const summary = await showResults({ ...program.context, screen: resultScreen }, query, { withoutSummary: true });
    output.printError(describeSummary({ ...query, format: 'text' }, summary, `gumshoe results ${launched.id} all`));
    if (isInterrupted) return 130;
    // What was answered could not be kept, and so is not shown.
    return program.state().hasFailed ? 3 : statusOf(summary);
  } finally {
    stop();
    await program.close();
  }
}

/** What a target means may depend on what the agents say: then all are reached first. The launch itself reaches those that it is for. */
async function learnAgents(program: RunningProgram, target: string, stopped: Promise<void>): Promise<void> {
  const { fleet } = program.context;
  const targets = fleet.targets();
  if (target === 'all' || targets.includes(target)) return;
  await Promise.race([Promise.allSettled(targets.map((one) => fleet.open(one))), stopped]);
}

/** The target that is sent: found(N) means something to this case alone. Throws ConsoleError or ProtocolError with what is wrong. */
function chooseTarget(program: RunningProgram, action: Action, flags: GlobalFlags): string {
  const target = flags.target ?? action.target;
  return isCondition(target) ? expandTarget(program.context, target) : target;
}

/** Asks the agents to stop, and stops waiting when they do not answer. */
async function interrupt(program: RunningProgram): Promise<void> {
  const running = [...program.state().running.keys()];
  if (running.length === 0) return program.interrupt();
  for (const action of running) program.context.fleet.cancel(action);
  await new Promise((resolve) => setTimeout(resolve, maxStopMs).unref());
  program.interrupt();
}

function statusOf({ found, failed, unanswered }: ResultSummary): number {
  if (failed + unanswered > 0) return 3;
  return found > 0 ? 0 : 1;
}

async function runShellWord(
  word: string,
  rest: readonly string[],
  flags: GlobalFlags,
  output: PlainOutput,
  options: OneShotOptions,
): Promise<number> {
  const { program, resultScreen } = start(flags, output, options, output.print, isAlerts(word, rest));
  let isInterrupted = false;
  const stop = options.onInterrupt(() => {
    isInterrupted = true;
    program.interrupt();
  });
  const typed = [word, ...rest].map((one) => (one === '|' ? one : quoteWord(one))).join(' ');
  try {
    const context = { ...program.context, screen: resultScreen };
    if (asksAgents(word, rest)) {
      await Promise.allSettled(context.fleet.targets().map((target) => context.fleet.open(target)));
    }
    if (word === 'results') {
      const query = parseResultQuery(splitWords(typed).slice(1), {
        settings: { ...initialSettings, format: flags.format },
      });
      const summary = await showResults(context, query, { withoutSummary: true });
      output.printError(describeSummary(query, summary, `gumshoe results ${query.action} all`));
      return statusOf(summary);
    }
    // A blank in front: what a shell asks is not history of the console.
    if (!isInterrupted) await program.line(` ${typed}`);
    if (isInterrupted) return 130;
    return program.state().hasFailed ? 2 : 0;
  } finally {
    stop();
    await program.close();
  }
}

/** Words that tell what agents say now, not what the case holds. */
function asksAgents(word: string, rest: readonly string[]): boolean {
  return /^(agents|status|watch)$/.test(word) || (word === 'hosts' && rest.length === 0) || isAlerts(word, rest);
}

function isAlerts(word: string, rest: readonly string[]): boolean {
  return word === 'alerts' && rest[0] !== 'ack';
}

/** A program that says what it does by `say`; results are shown on a screen of their own. */
function start(
  flags: GlobalFlags,
  output: PlainOutput,
  options: OneShotOptions,
  say: (lines: readonly Line[]) => void,
  collectsAlerts = false,
): { readonly program: RunningProgram; readonly resultScreen: Screen } {
  const { store, notices } = openCase(flags.caseName, options.environment);
  output.printError(notices);
  const resultScreen: Screen = {
    print: output.print,
    printSafe: output.printSafe,
    printError: output.printError,
    width: () => options.columns,
    answerer: { answer: async () => ({ kind: 'cancel' }), note: output.printError },
  };
  const program = createProgram({
    screen: { ...resultScreen, print: say },
    store,
    caseName: flags.caseName,
    links: options.createLinks(),
    ...(options.createHosts ? { hosts: options.createHosts() } : {}),
    isSession: false,
    collectsAlerts,
    ...(flags.verbose ? { trace: (event) => output.printError([line(`event ${event.kind}`, 'quiet')]) } : {}),
  });
  return { program, resultScreen };
}
