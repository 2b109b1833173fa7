import { messageOf } from '../../base/app-error.ts';
import type { OpenedSource } from '../lineage-source.ts';

/** /proc as the engine needs it: sources/proc-source.ts. */
export interface LookingSource extends OpenedSource {
  readonly sweep: (live: ReadonlyMap<number, number | undefined>) => Promise<unknown>;
  readonly look: (pid: number) => boolean;
}

/** Those of them that are wanted. */
export interface Sources {
  readonly connector: OpenedSource;
  readonly audit?: OpenedSource;
  readonly files?: OpenedSource;
  readonly proc: LookingSource;
}

/**
 * The connector first: what is born while /proc is read is told by it. Then what makes it better, and the look at /proc at last, so that nothing is between. Throws what keeps the connector from
 * working, with nothing left running; what others lack is said.
 */
export async function startSources(
  { connector, audit, files, proc }: Sources,
  { log, onListening }: { readonly log: (text: string) => void; readonly onListening: () => void },
): Promise<void> {
  await connector.start();
  onListening();
  for (const [name, source] of [
    ['audit', audit],
    ['watching files', files],
    ['/proc', proc],
  ] as const) {
    try {
      await source?.start();
    } catch (error) {
      log(`the lineage goes on without ${name}: ${messageOf(error)}`);
    }
  }
}
