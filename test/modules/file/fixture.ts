import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

/**
 * The tree that MIG's tests search: the same eleven entries in a base directory and fourteen levels below it. Nine files differ in text, size and kind,
 * testfile9 is a link to testfile0, dirlink a link to the directory a (which the deep directory lacks: there it is broken).
 */
export interface Fixture extends Disposable {
  readonly base: string;
  readonly deep: string;
  /** The content of a file by its number, as it stands on disk. */
  readonly contents: ReadonlyMap<number, Buffer>;
  /** What the gzip files 6 and 7 hold. */
  readonly inflated: ReadonlyMap<number, Buffer>;
}

const text = (header: string, lines: readonly string[], size: number): Buffer => {
  const start = `--- header for ${header} file ---\n`;
  const end = lines.join('\n');
  const comments = '#'.padEnd(size - start.length - end.length - 2, ' comment');
  const bytes = Buffer.from(`${start}${comments}\n\n${end}`);
  if (bytes.length !== size) throw new Error(`the fixture is ${bytes.length} bytes long`);
  return bytes;
};

/** A gzip file (RFC 1952) with a name in its header, which is found in the file as it stands. */
const gzip = (name: string, plain: Buffer): Buffer => {
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(plain), 0);
  tail.writeUInt32LE(plain.length, 4);
  const head = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
  return Buffer.concat([head, Buffer.from(`${name}\0`), deflateRawSync(plain), tail]);
};

function createContents(): Pick<Fixture, 'contents' | 'inflated'> {
  const six = Buffer.from('--- header for zipped file ---\n# a comment\nsome zipped text\n');
  const seven = Buffer.from('an archive\n'.repeat(40));
  const binary = Buffer.from(Array.from({ length: 1024 }, (_, at) => (at * at * 31 + at * 7) % 251));
  binary.write('skZ0', 500);
  const corrupt = gzip("x,'XL", Buffer.from('this will not come out as it went in\n'.repeat(3)));
  corrupt.fill(0xff, 20, 40);
  const sevenName = 't6Pl'.padEnd(4 + 274 - gzip('t6Pl', seven).length, '.');
  const contents = new Map<number, Buffer>([
    [0, text('first', ['   ', 'some text', 'some other text'], 190)],
    [1, text('second', ['   ', 'some text', 'some other other text'], 196)],
    [2, binary],
    [3, text('fourth', ['a'], 131)],
    [4, text('fifth', ['b'], 151)],
    [5, text('sixth', ['c'], 115)],
    [6, gzip('KO3B', six)],
    [7, gzip(sevenName, seven)],
    [8, corrupt],
  ]);
  return {
    contents,
    inflated: new Map([
      [6, six],
      [7, seven],
    ]),
  };
}

export function createFixture(): Fixture {
  const folder = createTemporaryFolder();
  const base = join(folder.path, 'base');
  const deep = join(base, ...'abcdefghijklmn');
  const facts = createContents();
  mkdirSync(deep, { recursive: true });
  for (const directory of [base, deep]) {
    for (const [number, bytes] of facts.contents)
      writeFileSync(join(directory, `testfile${number}`), bytes, { mode: 0o644 });
    symlinkSync(join(directory, 'testfile0'), join(directory, 'testfile9'));
    symlinkSync(join(directory, 'a'), join(directory, 'dirlink'));
  }
  return { base, deep, ...facts, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

/** A checksum as an investigator has it from elsewhere. */
export function checksum(algorithm: string, bytes: Buffer | undefined): string {
  return createHash(algorithm)
    .update(bytes ?? '')
    .digest('hex');
}
