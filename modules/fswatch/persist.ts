import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../src/base/app-error.ts';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import { masked } from '../../src/module/print.ts';
import { answerQuery } from './answer-query.ts';
import type { Config } from './config.ts';
import { createWatching } from './create-watching.ts';
import type { Elements, Statistics } from './elements.ts';
import { type FolderListener, type FolderWatcher, openInotifyWatcher, openPlainWatcher } from './folder-watcher.ts';
import { maskAlert } from './mask-alert.ts';
import type { Params } from './params.ts';

/** How long the agent waits for the module at its start: what is not compared by then is compared while it already answers. */
const longestStartMs = 3000;

export async function persist(context: PersistContext<Config>): Promise<PersistHandlers<Params, Elements, Statistics>> {
  const { log } = context;
  const alert: typeof context.alert = context.extraPrivacy
    ? (message) => context.alert(typeof message === 'string' ? masked : maskAlert(message))
    : context.alert;
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const watching = createWatching(
    { ...context, alert, signal, ownPaths: ownPathsOf(context.stateFolder) },
    (listener) => openWatcher(listener, log),
  );
  const started = watching.start();
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    log('the first comparison takes long: queries are answered already');
    late.resolve();
  }, longestStartMs);
  // A failure before that keeps the module from working, and one after it ends it: whoever supervises it starts it anew.
  await Promise.race([started, late.promise]).finally(() => clearTimeout(timer));
  return {
    query: async (params) => answerQuery(watching, params),
    prepareStop: watching.settleAll,
    stop: async () => {
      ending.abort();
      await watching.stop();
    },
  };
}

/** What each alert changes: the module's own folder, and the agent's state folder, which it lies in (STATE/modules/fswatch). */
function ownPathsOf(stateFolder: string): readonly string[] {
  const place = realpathSync(stateFolder);
  const [state, tail] = [dirname(dirname(place)), join('modules', 'fswatch')];
  return place.endsWith(`/${tail}`) ? [place, state] : [place];
}

/** inotify, and where there is none what Node has; undefined where the host allows neither, so that comparing has to do. */
function openWatcher(listener: FolderListener, log: (message: string) => void): FolderWatcher | undefined {
  try {
    const watcher = openInotifyWatcher(listener);
    if (watcher) return watcher;
    log('inotify cannot be called here: node:fs watches instead, and does not tell when it misses something');
    return openPlainWatcher(listener);
  } catch (error) {
    log(
      `no watching: ${messageOf(error)}; folders are compared instead. Where instances ran out: sysctl -w fs.inotify.max_user_instances=1024`,
    );
    return undefined;
  }
}
