import * as fc from 'fast-check';

const atoms = String.raw`
  a b k foo é α 😀 . (?s). [^a] [a-c] [é-ÿ] [\x{800}-\x{ffff}] \x{10ffff} \x{fffd} [^\x{fffd}] (?i)k (?i)ſ \r \n (?:)
  \w \W \d \s \S \pL \PL \p{Greek} [[:alpha:]] ^ $ (?m)^ (?m)$ \A \z \b \B
`
  .trim()
  .split(/\s+/);

/** Patterns over a small alphabet with everything that makes matching hard. */
export const patterns: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...atoms),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?'))
      .map(([a, times]) => `(${a})${times}`),
  ),
})).pattern;

const characters = Array.from('abckKf_9 éα😀\u212aſ\ufffd\u{10ffff}\r', (character) => Buffer.from(character));
const notUtf8 = ['e2', '82', 'f09f', 'ff', 'c3', 'eda080', 'f490', 'c080', 'f48fbf'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const pieces = [...characters, ...notUtf8, Buffer.from('foo')];

const breaks = [Buffer.from('\n'), Buffer.from('\r\n')];

/** Bytes of one line: characters, parts of characters, carriage returns. */
export const lines: fc.Arbitrary<Buffer> = fc
  .array(fc.constantFrom(...pieces), { maxLength: 10 })
  .map((parts) => Buffer.concat(parts));

/** Bytes of a file with few or many lines. */
export const texts: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.constantFrom(...breaks) },
    ),
    { maxLength: 20 },
  )
  .map((parts) => Buffer.concat(parts));

/** Lines as the scanners are meant to see them: cut at newlines, one carriage return dropped, nothing after the last newline. */
export function splitLines(text: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf(10, at);
    const end = newline < 0 ? text.length : newline;
    found.push(text.subarray(at, end > at && text[end - 1] === 13 ? end - 1 : end));
    at = end + 1;
  }
  return found;
}
