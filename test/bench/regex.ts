/**
 * Megabytes a second of the content search on one core, beside V8's RegExp and re2js, over generated log text without a match in pieces of
 * 1 MiB: `npm run bench regex`.
 */
import { RE2JS } from 're2js';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';
import { createLineScannerSet } from '../../src/search/regex/create-line-scanner-set.ts';
import { createLogText } from './log-text.ts';

const patterns: Readonly<Record<string, string>> = {
  lit: 's3cr3t-TOKEN-9999999',
  litpfx: 'password\\s*=\\s*"[^"]{8,}"',
  icase: '(?i)s3cr3t-token-[0-9]+',
  alt: 'BEGIN RSA PRIVATE KEY|AKIA[0-9A-Z]{16}|xox[baprs]-[0-9a-zA-Z]{10,48}',
  nolit: '[A-Z][a-z]+[0-9]{4,6}[A-Z]',
  anch: '^root:[^:]*:0:0:',
  email: '[a-zA-Z0-9._-]+@[a-zA-Z0-9.-]+\\.(ru|cn)',
  ipv4: '\\b(10|172|192)\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}:31337\\b',
  inner: '[a-z]+ s3cr3t',
  dotstar: 'foo.*bar.*baz.*qux',
  unicode: '\\p{Greek}{3,}',
  redos: '(a+)+$x',
  explosion: '[ab]*a[ab]{14}z',
};

const piece = 1 << 20;
const text = createLogText(16 * piece);

function measure(bytes: number, search: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    search();
    times.push(performance.now() - start);
    if (performance.now() - start > 2000) break;
  }
  times.sort((a, b) => a - b);
  return Math.round(bytes / 1e3 / (times[times.length >> 1] ?? 1));
}

function measureScanner(pattern: string): number {
  const set = createLineScannerSet([{ regex: compileRegex(pattern), ask: 'some' }]);
  const search = (): void => {
    set.reset();
    for (let at = 0; at < text.length; at += piece) {
      text.copy(set.buffer, 0, at, at + piece);
      if (set.push(piece)) throw new Error(`${pattern} was expected to match nowhere`);
    }
  };
  const copyTime = measureCopy(set.buffer);
  const withCopy = text.length / 1e3 / measure(text.length, search);
  return Math.round(text.length / 1e3 / (withCopy - copyTime));
}

/** Milliseconds it takes to bring the text to a buffer: not the search's. */
function measureCopy(buffer: Buffer): number {
  const speed = measure(text.length, () => {
    for (let at = 0; at < text.length; at += piece) text.copy(buffer, 0, at, at + piece);
  });
  return text.length / 1e3 / speed;
}

function measureV8(pattern: string): number | string {
  if (pattern.includes('{14}z') || pattern.includes('(a+)+')) return '-';
  const flags = pattern.startsWith('(?i)') ? 'mi' : pattern.includes('\\p') ? 'mu' : 'm';
  const regex = new RegExp(pattern.replace('(?i)', '').replace('\\p{G', '\\p{Script=G'), flags);
  const sample = text.subarray(0, 4 * piece);
  return measure(sample.length, () => {
    for (let at = 0; at < sample.length; at += piece) regex.test(sample.toString('latin1', at, at + piece));
  });
}

function measureRe2js(pattern: string): number {
  const regex = RE2JS.compile(pattern, RE2JS.MULTILINE);
  const sample = text.subarray(0, 2 * piece);
  return measure(sample.length, () => {
    for (let at = 0; at < sample.length; at += piece) regex.matcher(sample.subarray(at, at + piece)).find();
  });
}

/** Prints one line for each pattern. */
export function benchRegex(): Promise<void> {
  console.log(['MB/s', 'ours', 'V8', 're2js'].map((title) => title.padStart(10)).join(''));
  for (const [name, pattern] of Object.entries(patterns)) {
    const speeds = [measureScanner(pattern), measureV8(pattern), measureRe2js(pattern)];
    console.log([name, ...speeds].map((cell) => String(cell).padStart(10)).join(''));
  }
  return Promise.resolve();
}
