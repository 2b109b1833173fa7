import { isatty } from 'node:tty';
import { AppError, type ErrorReport } from '../base/app-error.ts';
import { visible } from '../base/visible.ts';
import { version } from '../base/version.ts';
import type { AgentConfig } from './config/agent-config.ts';
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

async function perform({ command, pretty, extraPrivacy, configPath }: AgentCommandLine): Promise<void> {
  switch (command.kind) {
    case 'version':
      process.stdout.write(`gumshoe-agent ${version}\n`);
      return;
    case 'help':
      process.stdout.write(agentHelp);
      return;
    case 'settings': {
      const [{ readConfigWithSources }, { formatSettings }] = await Promise.all([
        import('./config/read-agent-config.ts'),
        import('./config/format-settings.ts'),
      ]);
      const found = await readConfigWithSources({
        ...ownAccount(),
        path: configPath,
        withSockets: false,
        isWatched: isatty(2),
      });
      process.stdout.write(formatSettings({ ...found, config: withFlags(found.config, extraPrivacy) }));
      return;
    }
    case 'module': {
      const { serveModuleRun } = await import('./serve-module-run.ts');
      return serveModuleRun({ ...command, pretty, extraPrivacy, findAgent: () => findAgent(configPath) });
    }
    case 'file': {
      const [{ runFile }, { readAgentProgram }] = await Promise.all([
        import('./run-file.ts'),
        import('./agent-program.ts'),
      ]);
      return runFile(command.path, { program: readAgentProgram(), pretty, extraPrivacy });
    }
    case 'stdio': {
      const [{ serveStdio }, { readStdioConfig }] = await Promise.all([
        import('./serve-stdio.ts'),
        import('./config/read-stdio-config.ts'),
      ]);
      const config = await readStdioConfig({ ...ownAccount(), path: configPath });
      return serveStdio({ extraPrivacy, config, through: command.through });
    }
    case 'daemon': {
      const [{ runDaemon }, { readAgentConfig }] = await Promise.all([
        import('./daemon/run-daemon.ts'),
        import('./config/read-agent-config.ts'),
      ]);
      const readConfig = (): Promise<AgentConfig> =>
        readAgentConfig({ ...ownAccount(), path: configPath, isWatched: isatty(2) });
      return runDaemon({ config: withFlags(await readConfig(), extraPrivacy), readConfig });
    }
    case 'ask': {
      const { askDaemon } = await import('./daemon/ask-daemon.ts');
      const config = { runFolder: await findRunFolder(configPath) };
      process.exitCode = await askDaemon(command.request, { config, json: command.json });
      return;
    }
    case 'restartHelper': {
      const { runRestartHelper } = await import('./restart/run-restart-helper.ts');
      return runRestartHelper();
    }
    case 'persist': {
      const { servePersist } = await import('./persistent/serve-persist.ts');
      return servePersist(command);
    }
    case 'install':
    case 'uninstall': {
      const { runInstall } = await import('./config/run-install.ts');
      return runInstall(command, { ...ownAccount(), configPath });
    }
  }
}

/** What the defaults depend on. Without uids, as on Windows, an account counts as an ordinary one. */
function ownAccount(): { readonly uid: number; readonly environment: NodeJS.ProcessEnv } {
  return { uid: process.getuid?.() ?? -1, environment: process.env };
}

/** Where the agent of this account listens, by its configuration. */
async function findAgent(configPath: string | undefined): Promise<string> {
  const { socketPathOf } = await import('./daemon/run-folder.ts');
  return socketPathOf(await findRunFolder(configPath));
}

/** The run folder of the agent that runs here. A file that was broken since it started is told, and does not keep it from being asked. */
async function findRunFolder(configPath: string | undefined): Promise<string> {
  const options = { ...ownAccount(), path: configPath };
  const { readStdioConfig } = await import('./config/read-stdio-config.ts');
  try {
    return (await readStdioConfig(options)).runFolder;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'CONFIG_INVALID') throw error;
    const { recoverRunFolder } = await import('./config/recover-run-folder.ts');
    const found = recoverRunFolder(options);
    say({
      ...error.toReport(),
      message: `the configuration is broken: ${error.message}: the agent is looked for in ${found}`,
    });
    return found;
  }
}

function withFlags(config: AgentConfig, extraPrivacy: boolean): AgentConfig {
  return extraPrivacy ? { ...config, extraPrivacy } : config;
}

function say({ message, hint }: ErrorReport): void {
  process.stderr.write(`gumshoe-agent: ${visible(message)}\n  ${hint}\n`);
}
