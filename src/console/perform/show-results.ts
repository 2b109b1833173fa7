/** Results on the screen and in files. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { ConsoleError } from '../../base/app-error.ts';
import { line, type Line } from '../../module/line.ts';
import { renderPlain } from '../render-line.ts';
import { emptySummary, type ResultSummary } from '../results/read-items.ts';
import { renderResults, type Piece } from '../results/render-results.ts';
import type { ResultQuery } from '../results/result-query.ts';
import { print, printSafe, requireAction, tableWidth, type PerformContext } from './context.ts';
import { openNewFile, reasonOf } from './files.ts';

/** Prints results page by page; resolves with what they add up to. */
export async function showResults(
  context: PerformContext,
  query: ResultQuery,
  options: { readonly withoutSummary?: boolean } = {},
): Promise<ResultSummary> {
  const summary = emptySummary();
  // A script has nobody to ask for more.
  const paging = context.state().isInteractive ? context.state().settings.paging : 0;
  let untilPause = paging;
  for await (const piece of render(context, query, summary, tableWidth(context))) {
    if (untilPause === 0) await writePiece(context, piece);
    else {
      for (const page of pagesOf(piece, untilPause)) {
        await writePiece(context, page);
        untilPause = Math.max(1, untilPause - sizeOf(page));
        if (untilPause > 1 || context.signal().aborted) continue;
        if (!(await askMore(context))) return summary;
        untilPause = paging;
      }
    }
    if (context.signal().aborted) {
      print(context, [line('stopped: more results are in the case', 'warning')]);
      return summary;
    }
  }
  if (!options.withoutSummary) print(context, describeSummary(query, summary));
  return summary;
}

function render(
  context: PerformContext,
  query: ResultQuery,
  summary: ResultSummary,
  width: number | undefined,
): AsyncGenerator<Piece> {
  const { operations } = requireAction(context, query.action).action;
  return renderResults(query, { store: context.store, operations, findModule: context.findModule, summary, width });
}

async function writePiece(context: PerformContext, piece: Piece): Promise<void> {
  if ('lines' in piece) print(context, piece.lines);
  else printSafe(context, piece.safe);
  // Gives keys and signals their turn between pages.
  await new Promise((resolve) => setImmediate(resolve));
}

function sizeOf(piece: Piece): number {
  return 'lines' in piece ? piece.lines.length : piece.safe.length;
}

function* pagesOf(piece: Piece, size: number): Generator<Piece> {
  for (let at = 0; at < sizeOf(piece); at += size) {
    yield 'lines' in piece ? { lines: piece.lines.slice(at, at + size) } : { safe: piece.safe.slice(at, at + size) };
  }
}

async function askMore(context: PerformContext): Promise<boolean> {
  const answer = await context.screen.answerer.answer({ kind: 'confirm', message: 'More?', initial: true });
  return answer.kind === 'value' && answer.value === true;
}

/** What was not shown, so that nothing is hidden: failures above all, with the first reasons. `command` = how all of it is asked for. */
export function describeSummary(query: ResultQuery, summary: ResultSummary, command = 'results all'): readonly Line[] {
  const { found, nothing, failed, unanswered, partial, errors } = summary;
  if (query.pipes.length > 0 && failed + unanswered === 0) return [];
  if (query.format !== 'text' && query.format !== 'table') return [];
  const counts = [
    `${found} found`,
    ...(nothing > 0 ? [`${nothing} nothing`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unanswered > 0 ? [`${unanswered} not answered yet`] : []),
    ...(partial > 0 ? [`${partial} stopped before the end`] : []),
    ...(errors > 0 ? [`${errors} error${errors === 1 ? '' : 's'} told`] : []),
  ].join(', ');
  const isHidden = query.show === 'found' && failed + partial + errors > 0;
  const agents = `${summary.agents} agent${summary.agents === 1 ? '' : 's'}`;
  const tone = failed + errors > 0 ? 'warning' : 'quiet';
  return [
    line(`${agents}, operations: ${counts}${isHidden ? `: "${command}" shows why` : ''}`, tone),
    ...(isHidden ? summary.reasons.map((reason) => line(`  ${reason}`, tone)) : []),
  ];
}

/** Writes what `results` would print. A file that exists is replaced only when it was said, and only by a whole one. */
export async function exportResults(
  context: PerformContext,
  query: ResultQuery,
  target: { readonly path: string; readonly force: boolean },
): Promise<void> {
  const summary = emptySummary();
  const { path } = target;
  const { partPath } = await openNewFile(path, target.force);
  const stream = createWriteStream(partPath, { mode: 0o600 });
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  let lines = 0;
  try {
    for await (const piece of render(context, query, summary, undefined)) {
      const texts = 'lines' in piece ? piece.lines.map(renderPlain) : piece.safe;
      lines += texts.length;
      if (!stream.write(texts.map((text) => `${text}\n`).join(''))) await Promise.race([once(stream, 'drain'), failed]);
      if (context.signal().aborted) throw new ConsoleError('FILE_UNWRITABLE', 'the export was interrupted');
    }
    stream.end();
    await Promise.race([once(stream, 'close'), failed]);
    await rename(partPath, path);
  } catch (error) {
    stream.destroy();
    await unlink(partPath).catch(() => undefined);
    if (error instanceof ConsoleError) throw error;
    throw new ConsoleError('FILE_UNWRITABLE', `expected to write ${path}: ${reasonOf(error)}`, { cause: error });
  }
  print(context, [
    line(`${path} is written: ${lines} line${lines === 1 ? '' : 's'}`, 'good'),
    ...describeSummary({ ...query, format: 'text', pipes: [] }, summary),
  ]);
}
