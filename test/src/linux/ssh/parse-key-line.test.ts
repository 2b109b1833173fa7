import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKeyLine, parseKeyOptions } from '../../../../src/linux/ssh/parse-key-line.ts';
import { SshFormatError } from '../../../../src/linux/ssh/ssh-format-error.ts';

const keyText = readFileSync(
  join(import.meta.dirname, '../../../modules/sshkey/testdata/formats/ed25519.pub'),
  'latin1',
)
  .split(' ')
  .slice(0, 2)
  .join(' ');

describe('options in front of a key', () => {
  test.each([
    ['', []],
    ['restrict ', [{ name: 'restrict', value: undefined }]],
    ['from="10.0.0.0/8,!10.1.1.1" ', [{ name: 'from', value: '10.0.0.0/8,!10.1.1.1' }]],
    [
      'command="echo \\"a b\\", c",No-PTY,environment="A=1" ',
      [
        { name: 'command', value: 'echo "a b", c' },
        { name: 'no-pty', value: undefined },
        { name: 'environment', value: 'A=1' },
      ],
    ],
    [
      'tunnel=0,cert-authority\t',
      [
        { name: 'tunnel', value: '0' },
        { name: 'cert-authority', value: undefined },
      ],
    ],
    ['command="ssh-rsa AAAA" ', [{ name: 'command', value: 'ssh-rsa AAAA' }]],
  ])('%j are read as sshd reads them', (options, expected) => {
    expect(parseKeyLine(`  ${options}${keyText} my key \r`)).toMatchObject({ options: expected, comment: 'my key' });
  });

  test.each([
    ['an open quote', `command="x ${keyText}`],
    ['text behind a closed quote', `command="x"y ${keyText}`],
    ['no key', 'restrict'],
    ['an unknown algorithm', keyText.replace('ssh-ed25519', 'ssh-ed448')],
    ['an algorithm that is not the one in the key', keyText.replace('ssh-ed25519', 'ssh-rsa')],
    ['a key that is cut', keyText.slice(0, -8)],
    ['a key with bytes behind it', `${keyText}AAAA`],
    ['a key that is no base64', keyText.replace('AAAAC3', 'AA*AC3')],
    ['a line of 40 KiB', `${keyText} ${'x'.repeat(40_000)}`],
  ])('%s is refused', (_, line) => {
    expect(() => parseKeyLine(line)).toThrow(SshFormatError);
  });

  test('a backslash is itself unless a quote follows it', () => {
    expect(parseKeyOptions('command="a\\\\b \\" c",restrict')).toEqual([
      { name: 'command', value: 'a\\\\b " c' },
      { name: 'restrict', value: undefined },
    ]);
    expect(() => parseKeyOptions('command="C:\\"')).toThrow('quotes closed');
  });

  test('whatever is written as options is read back', () => {
    const name = fc.stringMatching(/^[a-z][a-z-]{0,20}$/);
    const value = fc.option(fc.stringMatching(/^[^\\\n\r]{0,30}$/), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.record({ name, value }), { minLength: 1, maxLength: 5 }), (options) => {
        const text = options.map((one) =>
          one.value === undefined ? one.name : `${one.name}="${one.value.replaceAll('"', '\\"')}"`,
        );
        expect(parseKeyLine(`${text.join(',')} ${keyText} c`)).toMatchObject({ options, comment: 'c' });
      }),
    );
  });

  test('at most a hundred are read', () => {
    expect(parseKeyOptions('a,'.repeat(100).slice(0, -1))).toHaveLength(100);
    expect(() => parseKeyOptions('a,'.repeat(101))).toThrow('at most 100');
  });
});
