import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleRawArguments } from '../../../../src/linux/audit/assemble-raw-arguments.ts';
import { parseFields } from '../../../../src/linux/audit/parse-record.ts';

const assemble = (maxBytes: number, ...bodies: readonly string[]) =>
  assembleRawArguments(
    bodies.map((body) => parseFields(body)),
    maxBytes,
  );
const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex').toUpperCase();

/** As audit_log_execve_info() writes them: quoted where plain, hexadecimal otherwise, long ones in numbered parts, many records. */
function write(args: readonly string[], partBytes = 3500): readonly string[] {
  const bodies: string[] = [];
  let body = `argc=${args.length} `;
  for (const [index, arg] of args.entries()) {
    const isPlain = /^[!#-~]*$/.test(arg);
    const write = (text: string): string => (isPlain ? `"${text}"` : hex(text));
    if (arg.length <= partBytes) {
      body += `a${index}=${write(arg)} `;
      continue;
    }
    body += `a${index}_len=${(isPlain ? 1 : 2) * arg.length} `;
    for (let part = 0; part * partBytes < arg.length; part++) {
      body += `a${index}[${part}]=${write(arg.slice(part * partBytes, (part + 1) * partBytes))} `;
      bodies.push(body);
      body = '';
    }
  }
  return [...bodies, body];
}

test('plain and hexadecimal arguments, empty ones, and bytes that are not UTF-8', () => {
  expect(assemble(1000, 'argc=4 a0="ls" a1=612062 a2="" a3=636166E9')).toEqual({
    args: ['ls', 'a b', '', 'caf\xe9'],
    isCut: false,
  });
  expect(assembleRawArguments([], 1000)).toBeUndefined();
});

test('an argument of 100 KiB in many records, in any order', () => {
  const args = ['/bin/echo', 'x '.repeat(51_200), '\xff'.repeat(9000), 'end'];
  const records = write(args);
  expect(records.length).toBeGreaterThan(20);
  expect(assemble(200_000, ...records)).toEqual({ args, isCut: false });
  expect(assemble(200_000, ...[...records].reverse())).toEqual({ args, isCut: false });
});

test('what is beyond the limit is cut, with a mark', () => {
  expect(assemble(10, 'argc=3 a0="abc" a1="defghijklmnop" a2="q"')).toEqual({ args: ['abc', 'defghi'], isCut: true });
  expect(assemble(7, 'argc=2 a0="abc" a1="de"')).toEqual({ args: ['abc', 'de'], isCut: false });
});

test('a lost record is a cut: what stands before it is exact', () => {
  const args = ['a', 'b'.repeat(9000), 'c'];
  const [first = '', second = '', third = '', last = ''] = write(args);
  expect(assemble(100_000, first, second, third, last)).toEqual({ args, isCut: false });
  expect(assemble(100_000, first, third, last)).toMatchObject({ isCut: true });
  expect(assemble(100_000, first, second, last)).toEqual({ args: ['a', 'b'.repeat(7000)], isCut: true });
  expect(assemble(100_000, first, second, third)).toEqual({ args: ['a', 'b'.repeat(9000)], isCut: true });
  expect(assemble(100_000, second, third, last)).toEqual({ args: [], isCut: true });
});

test('any arguments come back byte for byte', () => {
  const arg = fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\0', 'n'));
  fc.assert(
    fc.property(fc.array(arg, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 20 }), (args, part) => {
      expect(assemble(10_000, ...write(args, part))).toEqual({ args, isCut: false });
    }),
  );
});

test('no record makes it throw or grow', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.nat(100), (bodies, maxBytes) => {
      const found = assemble(maxBytes, ...bodies, 'argc=9999999 a0="x" a262143="y"');
      expect(found?.args.join('').length ?? 0).toBeLessThanOrEqual(maxBytes);
    }),
  );
});
