import { createDigests, digestOf } from '../hash/digests.ts';
import type { HashAlgorithm } from '../hash/algorithms.ts';
import { createLineScannerSet, type LineQuestion, type LineScannerSet } from '../regex/create-line-scanner-set.ts';
import type { Pause } from '../walk/create-walk.ts';
import { type ByteSource, openByteSource } from './byte-source.ts';

/** What is wanted of one reading of a file. */
export interface ReadRequest {
  /** Indexes of the reader's questions. */
  readonly questions: readonly number[];
  readonly digests: readonly HashAlgorithm[];
  /** Gunzip a file that is gzip. */
  readonly inflate: boolean;
}

/** What a reading came to. Undefined means not known: the reading ended early, with a failure, or it was not asked. */
export interface FileFacts {
  readonly answer: (question: number) => boolean | undefined;
  readonly isEmpty: boolean | undefined;
  readonly digests: ReadonlyMap<HashAlgorithm, string>;
  /** The whole file, where it fitted in the buffer. Good until the next reading. */
  readonly whole: Buffer | undefined;
  /** What went wrong, with `step` telling whether the file could not be opened or not be read to its end. */
  readonly failure: { readonly step: 'open' | 'read'; readonly error: unknown } | undefined;
}

export interface ContentReader {
  /** Reads a file once for everything that is wanted; ends early once all is decided. Rests between pieces. Throws nothing. */
  readonly read: (path: string, request: ReadRequest) => Promise<FileFacts>;
}

const bufferBytes = 1 << 20;

/** A reader with one buffer of 1 MiB for all files, and the scanners of all questions; both are made when first needed. */
export function createContentReader(questions: readonly LineQuestion[], pause: Pause & StopSign): ContentReader {
  let scanners: LineScannerSet | undefined;
  let buffer: Buffer | undefined;
  return {
    read: async (path, request) => {
      if (request.questions.length > 0) scanners ??= createLineScannerSet(questions);
      buffer = scanners?.buffer ?? buffer ?? Buffer.allocUnsafeSlow(bufferBytes);
      let source: ByteSource;
      try {
        source = request.inflate ? await openInflated(path) : openByteSource(path);
      } catch (error) {
        return { ...nothing, failure: { step: 'open', error } };
      }
      try {
        return await readSource(source, request, { buffer, scanners, pause });
      } finally {
        source.close();
      }
    },
  };
}

/** Tells a reading to end where it is. */
export interface StopSign {
  readonly signal: AbortSignal;
}

const nothing: FileFacts = {
  answer: () => undefined,
  isEmpty: undefined,
  digests: new Map(),
  whole: undefined,
  failure: undefined,
};

interface Tools {
  readonly buffer: Buffer;
  readonly scanners: LineScannerSet | undefined;
  readonly pause: Pause & StopSign;
}

async function readSource(source: ByteSource, request: ReadRequest, tools: Tools): Promise<FileFacts> {
  const { buffer, scanners } = tools;
  scanners?.reset(request.questions);
  const answer = (question: number): boolean | undefined => scanners?.answer(question);
  let isEmpty: boolean | undefined;
  try {
    const filled = source.fill(buffer);
    const count = typeof filled === 'number' ? filled : await filled;
    isEmpty = count === 0;
    const isDecided = request.questions.length === 0 || scanners?.push(count) === true;
    if (count === buffer.length) return { ...(await readOn(source, request, tools, isDecided)), answer, isEmpty };
    scanners?.finish();
    const whole = buffer.subarray(0, count);
    const digests = new Map(request.digests.map((algorithm) => [algorithm, digestOf(algorithm, whole)]));
    return { answer, isEmpty, digests, whole, failure: undefined };
  } catch (error) {
    return { ...nothing, answer, isEmpty, failure: { step: 'read', error } };
  }
}

/** The rest of a file whose first piece filled the buffer and was scanned already. */
async function readOn(
  source: ByteSource,
  request: ReadRequest,
  { buffer, scanners, pause }: Tools,
  isDecidedAtFirst: boolean,
): Promise<Pick<FileFacts, 'digests' | 'whole' | 'failure'>> {
  const digests = createDigests(request.digests);
  let isDecided = isDecidedAtFirst;
  let count = buffer.length;
  for (;;) {
    if (request.digests.length > 0) digests.update(buffer.subarray(0, count));
    else if (isDecided) return nothing;
    if (count < buffer.length) break;
    if (pause.isDue()) await pause.rest();
    if (pause.signal.aborted) return nothing;
    const filled = source.fill(buffer);
    count = typeof filled === 'number' ? filled : await filled;
    if (!isDecided) isDecided = scanners?.push(count) === true;
  }
  scanners?.finish();
  return { digests: digests.finish(), whole: undefined, failure: undefined };
}

/** What inflates is loaded by those who need it. */
async function openInflated(path: string): Promise<ByteSource> {
  return (await import('./inflate.ts')).openInflated(path);
}
