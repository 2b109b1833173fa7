import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { messageOf } from '../../base/app-error.ts';
import { signalGroup } from '../../base/signal-group.ts';
import type { RunFacts } from './choose-method.ts';

/** What a call of systemctl is waited for: it only hands a job over. */
const callLimitMs = 5000;
const maxOutput = 4096;

/** The facts of this process. */
export function readRunFacts(): RunFacts {
  return {
    ownPid: process.pid,
    isSystemdBooted: existsSync('/run/systemd/system'),
    systemdExecPid: process.env['SYSTEMD_EXEC_PID'],
    cgroup: readCgroup(),
    readMainPid: async (unit, isUserUnit) => {
      const { problem, stdout } = await callSystemctl([...scope(isUserUnit), 'show', '-p', 'MainPID', '--value', unit]);
      return problem === undefined && /^\d+\s*$/.test(stdout) ? Number(stdout) : undefined;
    },
  };
}

/** Hands systemd the job to restart the unit. Undefined when it took it; otherwise why not, with what systemctl said. */
export async function enqueueRestart(
  { unit, isUserUnit }: { readonly unit: string; readonly isUserUnit: boolean },
  options: { readonly limitMs?: number } = {},
): Promise<string | undefined> {
  // Without --no-block systemctl, which runs in the agent's own cgroup, would be ended by the very restart it waits for.
  const { problem } = await callSystemctl([...scope(isUserUnit), '--no-block', 'restart', unit], options);
  return problem;
}

function scope(isUserUnit: boolean): readonly string[] {
  return isUserUnit ? ['--user'] : [];
}

interface Called {
  /** Undefined for exit status 0. */
  readonly problem: string | undefined;
  readonly stdout: string;
}

function callSystemctl(args: readonly string[], { limitMs = callLimitMs } = {}): Promise<Called> {
  const called = Promise.withResolvers<Called>();
  const what = `systemctl ${args.join(' ')}`;
  const child = spawn('systemctl', [...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] = (texts[name] + text).slice(0, maxOutput);
    });
  const finish = (how: string | undefined): void => {
    clearTimeout(timer);
    const said = texts.stderr.trim();
    const problem = how === undefined ? undefined : `${what} ${how}${said === '' ? '' : `: ${said}`}`;
    called.resolve({ problem, stdout: texts.stdout });
  };
  const timer = setTimeout(() => {
    signalGroup(child.pid, 'SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
    finish(`did not end within ${limitMs / 1000} s`);
  }, limitMs);
  child.on('error', (error) => finish(`could not be started: ${messageOf(error)}`));
  child.on('close', (code, signal) => {
    if (code === 0) finish(undefined);
    else finish(signal === null ? `ended with status ${code ?? 'unknown'}` : `was ended by ${signal}`);
  });
  return called.promise;
}

function readCgroup(): string {
  try {
    return readFileSync('/proc/self/cgroup', 'latin1');
  } catch {
    return ''; // no cgroups here: then no service either
  }
}
