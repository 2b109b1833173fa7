/**
 * Which events may go when a process is final. Events know their pid and their time, not their life: those of lives of one pid that are nearer to each other than the margin cannot
 * be told apart, so they stay until all of these lives are final, and go together; and so do those of its parents, that a replay finds them. Until then a replay makes the final ones once more, with the same ids.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { ProcessNode } from '../process-node.ts';
import type { EventLog } from './event-log.ts';
import { type Life, lifeOf, marginNs, skewNs } from './life.ts';
import type { ProcessShelf } from './process-shelf.ts';

export interface Forgetting {
  readonly forget: (node: ProcessNode) => void;
  /** Events that came so late that their process was final already, and on disk. */
  readonly forgetLate: (database: DatabaseSync) => void;
}

export function createForgetting({
  events,
  shelf,
  boot,
}: {
  readonly events: EventLog;
  readonly shelf: ProcessShelf;
  readonly boot: number;
}): Forgetting {
  /** This life and all that stand near it; undefined where one of them is not final, or has to stay. */
  const findCluster = (life: Life): Life | undefined => {
    let { start, finish } = life;
    const { pid } = life;
    for (let last: Life = life; ;) {
      const birth = events.nextBirth(last);
      if (birth === undefined) break;
      const next = shelf.next(boot, last);
      if (!next || next.start > birth + skewNs) return undefined;
      finish = Math.max(finish, next.finish);
      last = next;
    }
    for (let first: Life = life; ;) {
      const trace = events.previousTrace(first);
      if (trace === undefined) break;
      const previous = shelf.previous(boot, first);
      if (!previous || previous.finish < trace - skewNs) return undefined;
      start = Math.min(start, previous.start);
      first = previous;
    }
    return { pid, start, finish };
  };

  /** Whether it could go; where not, it is held, and tried again when what keeps it goes. */
  const forgetOne = (id: string, life: Life): Life | undefined => {
    const cluster = shelf.hasHeldChildren(id) ? undefined : findCluster(life);
    if (!cluster) {
      shelf.setHeld(boot, life, true);
      return undefined;
    }
    events.forget(cluster);
    shelf.setHeld(boot, cluster, false);
    return cluster;
  };

  return {
    forget: (node) => {
      const cluster = forgetOne(node.id, lifeOf(node));
      if (!cluster) return;
      events.forgetClone(node);
      // A held child kept its parent, and so on upwards.
      const queue = shelf.heldParents(boot, cluster);
      for (let parent = queue.pop(); parent; parent = queue.pop()) {
        const gone = forgetOne(parent.id, parent);
        if (gone) queue.push(...shelf.heldParents(boot, gone));
      }
    },
    forgetLate: (database) =>
      database.exec(
        `DELETE FROM event WHERE pid <> 0 AND EXISTS (SELECT 1 FROM process p WHERE p.pid = event.pid AND p.boot = ${boot} AND p.held = 0
         AND event.at >= p.start - ${marginNs} AND event.at <= p.finish + ${marginNs})`,
      ),
  };
}
