import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, SinkState, Statistics } from './elements.ts';

export function printResults(
  { success, elements, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const isOk = success && elements?.ok === true;
  const lines: Line[] = [];
  if (elements !== null || !success) lines.push(line(`ok:${isOk}`, isOk ? 'hit' : 'error'));
  for (const sink of elements?.sinks ?? []) lines.push(...printSink(sink));
  for (const { sink, n, module, at, message, reason } of elements?.failed ?? []) {
    lines.push(line(`${sink} refused alert ${n} of ${module} at ${at} (${reason}): ${message}`, 'hit'));
  }
  if (elements?.again !== undefined) lines.push(line(`tried again: ${elements.again} refused alerts`, 'hit'));
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (elements?.queued === undefined) return lines;
  lines.push(line(`queue: ${elements.queued} alerts, ${elements.queuedBytes} bytes, ${elements.dropped} dropped`));
  return lines;
}

function printSink({ name, to, queued, sent, undeliverable, failing, lastError }: SinkState): readonly Line[] {
  const facts = `${name} to ${to}: ${sent} sent, ${queued} waiting, ${undeliverable} undeliverable`;
  const lines = [line(facts, 'hit')];
  if (failing > 0) lines.push(line(`${name}: failed ${failing} times in a row, it goes on trying`, 'error'));
  if (lastError)
    lines.push(line(`${name}: last error at ${lastError.at}: ${lastError.text}`, failing > 0 ? 'error' : 'quiet'));
  return lines;
}

export function rows({ success, elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  const ok = success && elements?.ok === true;
  if (elements === null) return [];
  const sinks = elements.sinks ?? [];
  if (sinks.length === 0) return [{ ok, sink: '', to: '', queued: '', sent: '', undeliverable: '', lasterror: '' }];
  return sinks.map(({ name, to, queued, sent, undeliverable, lastError }) => ({
    ok,
    sink: name,
    to,
    queued,
    sent,
    undeliverable,
    lasterror: lastError?.text ?? '',
  }));
}
