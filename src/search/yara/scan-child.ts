/**
 * The child process of a scanner. Native code that scans cannot be interrupted and can crash on hostile rules (a hundred thousand parentheses do it), so it
 * has a process of its own. It does one thing after another: reads a request, scans, writes the reply, and ends with its input.
 */
import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from 'node:fs';
import { messageOf } from '../../base/app-error.ts';
import { openByteSource } from '../read/byte-source.ts';
import { encodePath } from '../walk/path-text.ts';
import { systemErrorText } from '../walk/error-text.ts';
import { createBlockingInput } from './blocking-input.ts';
import { endWithParent } from './end-with-parent.ts';
import { formatEngineError, nameExternals, readableMatches } from './engine-text.ts';
import { type CompiledRules, type EngineMatch, loadEngine } from './load-engine.ts';
import { readMeta } from './read-meta.ts';
import { formatReply, type Preparation, type ReadyReply, type ScanReply, type ScanRequest } from './scan-protocol.ts';

/** More matches of one pattern are not looked for in one scan: a count such as #a ends there. A million of them take seconds and gigabytes. */
const maxMatchesPerPattern = 100_000;
/** Larger files are mapped into memory by the engine instead of read: many fit at once into none. */
const maxReadBytes = 32 * 1024 * 1024;
const firstBufferBytes = 1024 * 1024;

/** Reads requests on standard input until it ends. Never uses the streams of `process`: they would make the pipes non-blocking. */
async function work(): Promise<void> {
  endWithParent();
  const input = createBlockingInput(0);
  // What comes in is taken as it is, here and below: the parent that started this process is the only one that writes to it.
  const prepared = await prepare(JSON.parse(input.readLine() ?? '{}') as Preparation);
  say(JSON.stringify(prepared.reply));
  const { rules, meta } = prepared;
  if (rules === undefined || meta === undefined) return;
  let buffer = Buffer.allocUnsafeSlow(firstBufferBytes);
  const scanFile = (path: string): readonly EngineMatch[] => {
    const file = openByteSource(path);
    try {
      let filled = file.fill(buffer);
      while (filled === buffer.length) {
        const { size } = statSync(encodePath(path));
        if (Math.max(filled, size) >= maxReadBytes) return scanMapped(rules, path);
        // More than the file has, so that its end shows; files of /proc say 0. In few steps, and kept: what is thrown away is only freed much later.
        let room = buffer.length * 4;
        while (room <= size) room *= 4;
        const larger = Buffer.allocUnsafeSlow(Math.min(room, maxReadBytes + 1));
        larger.set(buffer);
        filled += file.fill(larger.subarray(filled));
        buffer = larger;
      }
      return rules.scan(buffer.subarray(0, filled));
    } finally {
      file.close();
    }
  };
  for (let line = input.readLine(); line !== undefined; line = input.readLine()) {
    const request = JSON.parse(line) as ScanRequest;
    if ('bytes' in request && request.bytes > buffer.length) buffer = Buffer.allocUnsafeSlow(request.bytes);
    const scan = (): readonly EngineMatch[] =>
      'file' in request ? scanFile(request.file) : rules.scan(input.readBytes(buffer.subarray(0, request.bytes)));
    const reply = answer(() => ({ matches: readableMatches(scan(), meta) }));
    say(formatReply(reply));
  }
}

/** Where this module lies, in the sources as in a bundle, and what a process that imports it is to call: one export, so that a bundle keeps both. */
export const scanChild = { url: import.meta.url, work };

async function prepare(preparation: Preparation): Promise<{
  readonly reply: ReadyReply;
  readonly rules?: CompiledRules;
  readonly meta?: ReturnType<typeof readMeta>;
}> {
  const engine = await loadEngine(preparation.engine);
  if (typeof engine === 'string') return { reply: { missing: engine } };
  const options = {
    defineVariables: nameExternals(preparation.externals),
    enableIncludes: false,
    relaxedReSyntax: true,
  };
  try {
    const rules = engine.compile(preparation.rules, options);
    rules.setMaxMatchesPerPattern(maxMatchesPerPattern);
    return {
      reply: { warnings: rules.getWarnings().slice(0, 20).map(formatEngineError) },
      rules,
      meta: readMeta(preparation.rules),
    };
  } catch (error) {
    const { errors } = engine.validate(preparation.rules, options);
    const said = (errors.length > 0 ? errors : [{ message: messageOf(error) }]).slice(0, 5).map(formatEngineError);
    if (errors.length > said.length) said.push(`and ${errors.length - said.length} more`);
    return { reply: { wrong: said.join('; ') } };
  }
}

function answer(scan: () => ScanReply): ScanReply {
  try {
    return scan();
  } catch (error) {
    return { error: systemErrorText(error) };
  }
}

/** Through the descriptor, so that it is the file that was looked at, whatever its path means by now. */
function scanMapped(rules: CompiledRules, path: string): readonly EngineMatch[] {
  const fd = openSync(encodePath(path), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    if (!fstatSync(fd).isFile()) throw new Error('it is no regular file any more');
    return rules.scanFile(`/dev/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}
