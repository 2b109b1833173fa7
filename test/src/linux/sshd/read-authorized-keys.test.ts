import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAuthorizedKeys, readAuthorizedKeys } from '../../../../src/linux/sshd/read-authorized-keys.ts';
import { createHostTree } from '../../../helpers/host-tree.ts';
import { keyText } from '../../../helpers/key-text.ts';

test('keys are told with their lines and options, and lines that are none are counted', () => {
  const text = `# c\n${keyText} alice@x y\r\n\nno-pty,command="a \\" b, c" ${keyText}\nnonsense\nssh-rsa AAAA\n`;
  const { keys, unparsed } = parseAuthorizedKeys(text);
  expect(keys.map(({ line, comment, options }) => ({ line, comment, options }))).toEqual([
    { line: 2, comment: 'alice@x y', options: [] },
    {
      line: 4,
      comment: '',
      options: [
        { name: 'no-pty', value: undefined },
        { name: 'command', value: 'a " b, c' },
      ],
    },
  ]);
  expect(unparsed).toMatchObject({ count: 2, lines: [5, 6] });
});

test('a file that is missing has no keys; lines that are no keys are told once', () => {
  using tree = createHostTree();
  tree.write('/keys', `${keyText}\nssh-rsa AAAA\n`);
  expect(readAuthorizedKeys(tree.files, '/gone')).toBeUndefined();
  for (let time = 0; time < 2; time++) expect(readAuthorizedKeys(tree.files, '/keys')).toHaveLength(1);
  expect(tree.files.problems.list()).toEqual(['/keys, line 2: left out, expected keys']);
});

test('any text is read without an error', () => {
  const piece = fc.oneof(
    fc.constantFrom('\n', ' ', '"', '\\', ',', '=', '#', '\r', '\udce9', 'command="', 'ssh-rsa', 'AAAA', keyText),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 100 }).map((parts) => parts.join('')),
      (text) => {
        const { keys, unparsed } = parseAuthorizedKeys(text);
        expect(keys.length + unparsed.count).toBeLessThanOrEqual(text.split('\n').length);
      },
    ),
    { numRuns: 300 },
  );
});

test.each(['a\n', 'ssh-rsa AAAA\n', '"\\', ' ', 'a ', 'a,', '\n', '\\"\n'])(
  '64 KiB of %j take little time',
  (piece) => {
    const startedMs = performance.now();
    parseAuthorizedKeys(piece.repeat((1 << 16) / piece.length));
    expect(performance.now() - startedMs).toBeLessThan(1000);
  },
);
