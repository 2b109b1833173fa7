/** Events of a made-up host, the same for the same seed: a few hundred pids that are born, execute, have threads, end, and come again; told up to half a second out of order. */
import type { LineageEvent, LineageSource } from '../../../../src/lineage/lineage-event.ts';
import { bootMs } from './sample-nodes.ts';

export const batchSize = 40;
/** So much later than the newest all has been told. */
export const latestMs = 600;

export function* makeBatches(seed: number): Generator<readonly LineageEvent[]> {
  const random = createRandom(seed);
  const seqs: Record<string, number> = {};
  const told = (source: LineageSource, atMs: number) => {
    const seq = (seqs[source] = (seqs[source] ?? 0) + 1);
    const at = source === 'audit' ? Math.floor(atMs / 4) * 4 : atMs;
    const stream = source === 'audit' ? 2 : 1;
    return { source, stream, seq, atNs: at * 1e6, slackNs: source === 'audit' ? 4e6 : 0, wallMs: bootMs + at };
  };
  const alive: number[] = [1];
  let waiting: { readonly dueMs: number; readonly event: LineageEvent }[] = [];
  let pid = 100;
  let batch: LineageEvent[] = [];
  const send = (atMs: number, event: LineageEvent): void =>
    void waiting.push({ dueMs: atMs + (random() < 0.3 ? random() * 500 : 0), event });
  send(1, { kind: 'birth', ...told('connector', 1), pid: 1, parentPid: 0 });
  for (let atMs = 1000; ; atMs += 1 + random() * 4) {
    if (alive.length < 40 && random() < 0.55) {
      pid = pid >= 400 ? 100 : pid + 1;
      if (alive.includes(pid)) continue;
      const parentPid = alive[Math.floor(random() * alive.length)] ?? 1;
      send(atMs, { kind: 'birth', ...told('connector', atMs), pid, parentPid });
      alive.push(pid);
      if (random() < 0.6) {
        send(atMs + 0.4, { kind: 'exec', ...told('connector', atMs + 0.4), pid, tid: pid });
        const facts = { executable: `/bin/p${pid}`, args: ['p', String(atMs)], cwd: '/' };
        send(atMs + 0.4, { kind: 'exec', ...told('audit', atMs + 0.4), pid, parentPid, facts });
      }
      if (random() < 0.2) {
        const tid = pid + 100_000;
        send(atMs + 0.5, { kind: 'thread', ...told('connector', atMs + 0.5), pid, tid });
        send(atMs + 0.6, { kind: 'exit', ...told('connector', atMs + 0.6), pid, tid, status: 0, reaperPid: 0 });
      }
    } else if (alive.length > 1) {
      const [ended = 0] = alive.splice(1 + Math.floor(random() * (alive.length - 1)), 1);
      const status = random() < 0.5 ? 0 : 9;
      if (ended > 1)
        send(atMs, { kind: 'exit', ...told('connector', atMs), pid: ended, tid: ended, status, reaperPid: 1 });
    }
    for (const { event } of waiting.filter(({ dueMs }) => dueMs <= atMs)) {
      batch.push(event);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
    waiting = waiting.filter(({ dueMs }) => dueMs > atMs);
  }
}

/** Mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
