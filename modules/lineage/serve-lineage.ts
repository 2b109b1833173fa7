/** A lineage behind the handlers of a persistent module: what is asked of it, what watchers are told, what is kept at its end. */
import type { Clock } from '../../src/base/clock.ts';
import type { Lineage } from '../../src/lineage/lineage.ts';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import { answerQuery } from './answer-query.ts';
import type { Config } from './config.ts';
import type { Elements, Statistics } from './elements.ts';
import type { Params } from './params.ts';
import { resolvePath } from './resolve-path.ts';
import { createTellNews } from './tell-news.ts';

const usersAreFreshMs = 5000;

/** Resolves when the lineage works. Throws what keeps it from working: MonitorError. */
export async function serveLineage(
  lineage: Lineage,
  context: Pick<PersistContext<Config>, 'config' | 'clock' | 'log' | 'event' | 'extraPrivacy'>,
  readUsers: () => ReadonlyMap<number, string>,
): Promise<PersistHandlers<Params, Elements, Statistics>> {
  const { config, clock } = context;
  const users = cacheUsers(readUsers, clock);
  const news = createTellNews({ ...context, users });
  const unsubscribe = lineage.subscribe(news.tell, news.takes);
  const timer = setInterval(news.tick, 1000);
  const end = (): void => {
    clearInterval(timer);
    unsubscribe();
  };
  try {
    await lineage.start();
  } catch (error) {
    end();
    throw error;
  }
  return {
    query: ({ wrote, ...params }, { signal }) => {
      const asked = { ...params, ...(wrote === undefined ? {} : { wrote: resolvePath(wrote) }) };
      const wanted = { audit: config.audit, files: config.files.map((folder) => resolvePath(`${folder}/`)) };
      return answerQuery(lineage, asked, { clock, signal, users, wanted });
    },
    prepareStop: lineage.save,
    stop: async () => {
      end();
      await lineage.stop();
    },
  };
}

/** The file of users is read again when it may have changed: a process' user may be minutes old. */
function cacheUsers(read: () => ReadonlyMap<number, string>, clock: Clock): () => ReadonlyMap<number, string> {
  let users = read();
  let readMs = clock.monotonicMs();
  return () => {
    if (clock.monotonicMs() - readMs < usersAreFreshMs) return users;
    users = read();
    readMs = clock.monotonicMs();
    return users;
  };
}
