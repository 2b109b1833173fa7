import { createDigests, digestOf, type Digests } from '../hash/digests.ts';
import type { HashAlgorithm } from '../hash/algorithms.ts';
import { createLineScannerSet, type LineQuestion, type LineScannerSet } from '../regex/create-line-scanner-set.ts';
import type { Pause } from '../walk/create-walk.ts';
import { openFileCalls, type FileCalls } from '../../native/file-calls.ts';
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
  /**
   * Reads a file once for everything that is wanted; ends early once all is decided. What fits in one piece is answered at once, the rest in time: it
   * rests between pieces. Throws nothing.
   */
  readonly read: (path: string, request: ReadRequest) => FileFacts | Promise<FileFacts>;
}

export interface ReaderOptions {
  /** Called before each further piece of a file. */
  readonly betweenPieces?: () => void;
  /** False takes the way of node:fs, which is the same but slower, even where the C library could be called. */
  readonly isNative?: boolean;
  /** How much memory the automaton of each question may fill, where there are very many: less is slower. 1 MiB where it is not given. */
  readonly tableBytes?: number;
}

const bufferBytes = 1 << 20;

/** A reader with one buffer of 1 MiB for all files, and the scanners of all questions; both are made when first needed. */
export function createContentReader(
  questions: readonly LineQuestion[],
  pause: Pause & StopSign,
  options: ReaderOptions = {},
): ContentReader {
  let tools: Tools | undefined;
  let calls: FileCalls | undefined;
  const prepare = (): Tools => {
    const { tableBytes } = options;
    const scanners =
      questions.length > 0
        ? createLineScannerSet(questions, tableBytes === undefined ? {} : { tableBytes })
        : undefined;
    const buffer = scanners?.buffer ?? Buffer.allocUnsafeSlow(bufferBytes);
    if (options.isNative !== false) calls = openFileCalls();
    return { buffer, scanners, pause, betweenPieces: options.betweenPieces };
  };
  return {
    read: (path, request) => {
      tools ??= prepare();
      if (request.inflate) return readInflated(path, request, tools);
      try {
        return readSource(openByteSource(path, calls), request, tools);
      } catch (error) {
        return { ...nothing, failure: { step: 'open', error } };
      }
    },
  };
}

/** Tells a reading to end where it is. */
export interface StopSign {
  readonly signal: AbortSignal;
}

const noDigests: ReadonlyMap<HashAlgorithm, string> = new Map();

const nothing: FileFacts = {
  answer: () => undefined,
  isEmpty: undefined,
  digests: noDigests,
  whole: undefined,
  failure: undefined,
};

interface Tools {
  readonly betweenPieces: (() => void) | undefined;
  readonly buffer: Buffer;
  readonly scanners: LineScannerSet | undefined;
  readonly pause: Pause & StopSign;
}

/** What inflates is loaded by those who need it. */
async function readInflated(path: string, request: ReadRequest, tools: Tools): Promise<FileFacts> {
  let source: ByteSource;
  try {
    const { openInflated } = await import('./inflate.ts');
    source = await openInflated(path);
  } catch (error) {
    return { ...nothing, failure: { step: 'open', error } };
  }
  return readSource(source, request, tools);
}

/** Reads and closes a source. Throws nothing. */
function readSource(source: ByteSource, request: ReadRequest, tools: Tools): FileFacts | Promise<FileFacts> {
  const { buffer, scanners } = tools;
  scanners?.reset(request.questions);
  const reading: Reading = { source, request, tools, answer: (question) => scanners?.answer(question) };
  try {
    const filled = source.fill(buffer);
    const facts = typeof filled === 'number' ? readFirst(reading, filled) : readLater(reading, filled);
    if (facts instanceof Promise) return facts.finally(source.close);
    source.close();
    return facts;
  } catch (error) {
    source.close();
    return fail(reading, error);
  }
}

interface Reading {
  readonly source: ByteSource;
  readonly request: ReadRequest;
  readonly tools: Tools;
  readonly answer: FileFacts['answer'];
}

function fail({ answer }: Reading, error: unknown, isEmpty?: boolean): FileFacts {
  return { ...nothing, answer, isEmpty, failure: { step: 'read', error } };
}

async function readLater(reading: Reading, filled: Promise<number>): Promise<FileFacts> {
  try {
    return await readFirst(reading, await filled);
  } catch (error) {
    return fail(reading, error);
  }
}

/** What the first piece tells; all where it is the whole file. */
function readFirst(reading: Reading, count: number): FileFacts | Promise<FileFacts> {
  const { request, answer } = reading;
  const { buffer, scanners } = reading.tools;
  const isDecided = request.questions.length === 0 || scanners?.push(count) === true;
  if (count === buffer.length) return readRest(reading, isDecided);
  scanners?.finish();
  const whole = buffer.subarray(0, count);
  return { answer, isEmpty: count === 0, digests: digestsOf(request, whole), whole, failure: undefined };
}

function digestsOf({ digests }: ReadRequest, whole: Buffer): ReadonlyMap<HashAlgorithm, string> {
  if (digests.length === 0) return noDigests;
  return new Map(digests.map((algorithm) => [algorithm, digestOf(algorithm, whole)]));
}

async function readRest(reading: Reading, isDecided: boolean): Promise<FileFacts> {
  const { source, request, tools, answer } = reading;
  try {
    return { ...(await readOn(source, request, tools, isDecided)), answer, isEmpty: false };
  } catch (error) {
    return fail(reading, error, false);
  }
}

/** The rest of a file whose first piece filled the buffer and was scanned already. */
async function readOn(
  source: ByteSource,
  request: ReadRequest,
  tools: Tools,
  isDecidedAtFirst: boolean,
): Promise<Pick<FileFacts, 'digests' | 'whole' | 'failure'>> {
  const { buffer, scanners } = tools;
  const digests = request.digests.length > 0 ? createDigests(request.digests) : undefined;
  let isDecided = isDecidedAtFirst;
  let count = buffer.length;
  for (;;) {
    digests?.update(buffer.subarray(0, count));
    if (isDecided && !digests) return nothing;
    if (count < buffer.length) break;
    if (await isStopped(tools)) return nothing;
    const zeros = source.skipHole?.() ?? 0;
    if (!isDecided) isDecided = scanners?.pushZeros(zeros) === true;
    if (isDecided && !digests) return nothing;
    if (digests && !(await digestZeros(digests, zeros, tools))) return nothing;
    const filled = source.fill(buffer);
    count = typeof filled === 'number' ? filled : await filled;
    if (!isDecided) isDecided = scanners?.push(count) === true;
  }
  scanners?.finish();
  return { digests: digests?.finish() ?? noDigests, whole: undefined, failure: undefined };
}

/** Between two pieces: rests when that is due, and tells whether to read no further. */
async function isStopped({ pause, betweenPieces }: Tools): Promise<boolean> {
  betweenPieces?.();
  if (pause.isDue()) await pause.rest();
  return pause.signal.aborted;
}

/** What every hole gives to checksums; nobody writes to it. */
let zeroPiece: Buffer | undefined;

/** Takes a hole into the checksums, piece by piece as if it had been read; false when it was stopped before its end. */
async function digestZeros(digests: Digests, zeros: number, tools: Tools): Promise<boolean> {
  if (zeros === 0) return true;
  zeroPiece ??= Buffer.alloc(bufferBytes);
  for (let left = zeros; left > 0; left -= zeroPiece.length) {
    digests.update(left < zeroPiece.length ? zeroPiece.subarray(0, left) : zeroPiece);
    if (await isStopped(tools)) return false;
  }
  return true;
}
