import type { RestartAnswer } from '../../module/ask-agent.ts';
import { loadModule } from '../../../modules/load.ts';
import { restartModule } from '../request-restart.ts';

/** What came of a restart, for people: what happened in the module's words, and what is not as it should be, each once. */
export async function formatRestart({ state, end }: RestartAnswer): Promise<{
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}> {
  if (!end) return { lines: [], problems: [`restart: ${state}`] };
  const printer = await (await loadModule(restartModule))?.loadPrinter();
  const lines = printer?.printResults(end.result, { matchOnly: true }).map(({ text }) => text) ?? [];
  return { lines, problems: end.result.errors ?? [] };
}
