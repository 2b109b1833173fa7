/**
 * The console's program: decides between terminal, script and one-shot command, and loads only what that needs. A banner and the version come before
 * anything heavy is loaded.
 */
import { version } from '../base/version.ts';
import type { Line } from '../module/line.ts';

/** Runs the program to its end and leaves with its status. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exit(await run(argv));
}

/** What `main` does, with the exit status as its result. */
export async function run(argv: readonly string[]): Promise<number> {
  if (/^(-V|--version|version)$/.test(argv[0] ?? '')) {
    process.stdout.write(`gumshoe ${version}\n`);
    return 0;
  }
  if (/^--?(help|h)$/.test(argv[0] ?? '') && argv.length === 1) {
    const { usageLines } = await import('./usage.ts');
    process.stdout.write(
      `${usageLines()
        .map(({ text }) => text)
        .join('\n')}\n`,
    );
    return 0;
  }
  try {
    const session = parseSession(argv);
    if (!session) return await runShellCommand(argv);
    const canDraw = process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
    if (canDraw && !session.plain) return await runTerminal(session);
    return await runPlain(session);
  } catch (error) {
    const { reportOf } = await import('../base/app-error.ts');
    const { visible } = await import('../base/visible.ts');
    const { code, message, hint } = reportOf(error);
    const stack =
      code === 'BUG' && error instanceof Error ? `${(error.stack ?? '').split('\n').map(visible).join('\n')}\n` : '';
    process.stderr.write(`gumshoe: ${visible(message)}\n${hint}\n${stack}`);
    return 2;
  }
}

interface Session {
  readonly caseName: string;
  readonly failFast: boolean;
  readonly plain: boolean;
}

/** The flags of the console itself; undefined for anything else: a one-shot command. */
function parseSession(argv: readonly string[]): Session | undefined {
  let caseName = 'default';
  let failFast = false;
  let plain = false;
  for (let at = 0; at < argv.length; at++) {
    const [, name = '', inline] = /^--?(case|fail-fast|plain)(?:=(.*))?$/s.exec(argv[at] ?? '') ?? [];
    if (name === '') return undefined;
    if (name === 'fail-fast') failFast = true;
    else if (name === 'plain') plain = true;
    else caseName = inline ?? argv[++at] ?? '';
  }
  return { caseName, failFast, plain };
}

async function runTerminal({ caseName }: Session): Promise<number> {
  const banner: readonly Line[] = [
    { tone: 'heading', text: `gumshoe ${version}` },
    { tone: 'quiet', text: 'help lists the commands, Tab completes, exit leaves' },
  ];
  const { startTerminal } = await import('./start-terminal.tsx');
  return startTerminal({
    banner,
    createProgram: async (screen) => {
      const { createProgram } = await import('./program.ts');
      const { openCase } = await import('./open-case.ts');
      const { createLocalLink } = await import('./local-agent.ts');
      const { store, notices } = openCase(caseName, process.env);
      const links = [createLocalLink(process.env)];
      const { createHosts } = await import('./hosts.ts');
      const hosts = createHosts(process.env);
      return createProgram({ screen, store, notices, caseName, links, hosts, withDashboard: true });
    },
  });
}

async function runPlain({ caseName, failFast }: Session): Promise<number> {
  const { runHeadless } = await import('./headless.ts');
  const { createProgram } = await import('./program.ts');
  const { openCase } = await import('./open-case.ts');
  const { createLocalLink } = await import('./local-agent.ts');
  const { store, notices } = openCase(caseName, process.env);
  const { createHosts } = await import('./hosts.ts');
  const hosts = createHosts(process.env);
  const { stdin, stdout, stderr } = process;
  return runHeadless({
    stdin,
    stdout,
    stderr,
    failFast,
    onInterrupt,
    createProgram: (screen) =>
      createProgram({ screen, store, notices, caseName, links: [createLocalLink(process.env)], hosts }),
  });
}

async function runShellCommand(argv: readonly string[]): Promise<number> {
  const { runOneShot } = await import('./one-shot.ts');
  const { stdout, stderr, env } = process;
  const { createLocalLink } = await import('./local-agent.ts');
  const { createHosts } = await import('./hosts.ts');
  return runOneShot(argv, {
    stdout,
    stderr,
    environment: env,
    columns: (stdout.isTTY && stdout.columns) || undefined,
    createLinks: () => [createLocalLink(env)],
    createHosts: () => createHosts(env),
    onInterrupt: onAnyStop,
  });
}

/** A command from the shell prints what had arrived, whoever stops it. */
function onAnyStop(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

function onInterrupt(listener: () => void): () => void {
  process.on('SIGINT', listener);
  return () => void process.off('SIGINT', listener);
}
