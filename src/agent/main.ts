import { AppError, type ErrorReport } from '../base/app-error.ts';
import { visible } from '../base/visible.ts';
import { version } from '../base/version.ts';
import { agentHelp, parseCommandLine, type AgentCommandLine } from './parse-command-line.ts';

/** gumshoe-agent. Sets the exit status: 0 done, 2 the call or the named file is wrong, 70 a defect. What is heavy is loaded when it is needed. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await perform(parseCommandLine(argv));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    say(error.toReport());
    process.exitCode = 2;
  }
}

async function perform({ command, pretty, extraPrivacy }: AgentCommandLine): Promise<void> {
  switch (command.kind) {
    case 'version':
      process.stdout.write(`gumshoe-agent ${version}\n`);
      return;
    case 'help':
      process.stdout.write(agentHelp);
      return;
    case 'settings': {
      const { defaultLimits } = await import('./limits.ts');
      process.stdout.write(`${JSON.stringify({ version, extraPrivacy, limits: defaultLimits }, undefined, 2)}\n`);
      return;
    }
    case 'module': {
      const { serveModuleRun } = await import('./serve-module-run.ts');
      return serveModuleRun({ ...command, pretty, extraPrivacy });
    }
    case 'file': {
      const [{ runFile }, { readAgentProgram }] = await Promise.all([
        import('./run-file.ts'),
        import('./agent-program.ts'),
      ]);
      return runFile(command.path, { program: readAgentProgram(), pretty, extraPrivacy });
    }
    case 'stdio': {
      const { serveStdio } = await import('./serve-stdio.ts');
      return serveStdio({ extraPrivacy });
    }
    case 'restartHelper': {
      const { runRestartHelper } = await import('./restart/run-restart-helper.ts');
      return runRestartHelper();
    }
    case 'daemon':
    case 'persist':
    case 'ask':
    case 'install':
    case 'uninstall':
      throw new Error(`${command.kind}: not built yet`);
  }
}

function say({ message, hint }: ErrorReport): void {
  process.stderr.write(`gumshoe-agent: ${visible(message)}\n  ${hint}\n`);
}
