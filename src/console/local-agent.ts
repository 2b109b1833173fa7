import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AgentLink } from '../transport/link.ts';
import { createStdioLink } from '../transport/stdio/create-stdio-link.ts';
import { accountName } from './account-name.ts';

/** As the launcher bin/gumshoe-agent starts an agent that serves a console: it only passes lines on. */
const smallNode = ['--max-semi-space-size=1', '--expose-gc'];

/** The agent of this host, target `local`: the daemon that runs here, or a child of the console. GUMSHOE_AGENT names another program, for tests. */
export function createLocalLink(environment: Readonly<Record<string, string | undefined>>): AgentLink {
  const path = environment['GUMSHOE_AGENT'] ?? findAgent();
  const argv = [process.execPath, ...smallNode, path, '--stdio'];
  return createStdioLink({
    name: 'local',
    investigator: accountName(),
    argv: ({ daemon }) => (daemon ? [...argv, '--daemon'] : argv),
  });
}

/** Beside the running program: from dist/console/main.mjs, or from src/console. */
function findAgent(): string {
  const path = fileURLToPath(new URL('../../bin/gumshoe-agent', import.meta.url));
  return existsSync(path) ? path : fileURLToPath(new URL('../bin/gumshoe-agent', import.meta.url));
}
