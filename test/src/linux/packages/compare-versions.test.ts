import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, type PackageKind } from '../../../../src/linux/packages/compare-versions.ts';

const order = (kind: PackageKind, a: string, b: string): string =>
  '<=>'[Math.sign(compareVersions(kind, a, b)) + 1] ?? '';

/** Each chain goes from old to new; what stands together is equal. Checked against the tools: dpkg 1.21.22, rpm 4.18.0, and apk-tools' own list of cases. */
const chains: readonly (readonly [PackageKind, readonly (readonly string[])[]])[] = [
  [
    'dpkg',
    [['1.0~~'], ['1.0~~a'], ['1.0~'], ['1.0', '1.00', '1.0-0', '0:1.0'], ['1.0-0a'], ['1.0a'], ['1.0+b1'], ['1.0.0']],
  ],
  ['dpkg', [['1.2.3-4'], ['1.2.3-4+deb12u1'], ['1.2.3-4.1'], ['1.2.3-10'], ['1.10-1'], ['1:0.1'], ['2:0'], ['10:0']]],
  ['dpkg', [['2.36-9+deb12u4'], ['2.36-9+deb12u10'], ['2.37~rc1-1'], ['2.37-1'], ['2.37-1ubuntu2'], ['20220101']]],
  ['rpm', [['1.0~~'], ['1.0~rc1'], ['1.0', '1_0', '1..0', '01.0'], ['1.0^'], ['1.0^git1'], ['1.0^git1.2'], ['1.0.1']]],
  ['rpm', [['1.0a'], ['1.0.1'], ['1.1'], ['1.10'], ['20'], ['1:0'], ['2:0']]],
  ['rpm', [['1.0'], ['1.0-1~pre'], ['1.0-1'], ['1.0-1.el8', '0:1.0-1.el8'], ['1.0-1.el8_2'], ['1.0-2']]],
  ['rpm', [['a'], ['b'], ['2'], ['2a'], ['2b'], ['2.1'], ['10']]],
  [
    'apk',
    [
      ['1.0_alpha'],
      ['1.0_alpha2'],
      ['1.0_beta1'],
      ['1.0_pre1'],
      ['1.0_rc1'],
      ['1.0'],
      ['1.0-r0'],
      ['1.0-r10'],
      ['1.0_git2'],
      ['1.0_p1'],
      ['1.0_p9-r3'],
      ['1.0_p10-r0'],
      ['1.0a'],
      ['1.0.1'],
    ],
  ],
  [
    'apk',
    [['0.01'], ['0.06'], ['0.1'], ['0.10'], ['1.00_beta2'], ['1.00'], ['1.02.07'], ['1.02.10-r1'], ['1.2'], ['006']],
  ],
  [
    'apk',
    [
      ['0.1.0_alpha_pre2'],
      ['0.1.0_alpha'],
      ['2.12r-r4'],
      ['2.12r-r5'],
      ['5.5_p1~0abc-r1'],
      ['5.5_p1~0abd-r0'],
      ['20060720'],
    ],
  ],
];

describe.each(chains)("versions in %s's order", (kind, chain) => {
  test(chain.map((equal) => equal.join(' = ')).join(' < '), () => {
    const flat = chain.flatMap((equal, at) => equal.map((version) => ({ version, at })));
    const wrong = flat.flatMap((a) =>
      flat
        .filter((b) => order(kind, a.version, b.version) !== '<=>'[Math.sign(a.at - b.at) + 1])
        .map((b) => `${a.version} ${order(kind, a.version, b.version)} ${b.version}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** From the list of cases that apk-tools tests itself with (test/version.data). */
test.each([
  '2.34 > 0.1.0_alpha',
  '0.1.0_alpha < 0.1.3_alpha',
  '1.0.4-r4 < 1.6',
  '1.3_alpha8 > 0.6.0',
  '2.3.0b-r4 > 0.12.1',
  '1.06-r6 < 006',
  '2.01.01_alpha10 > 0.94',
  '1.39 > 1.00_beta2',
  '4.2.52_p2-r1 < 4.2.52_p4-r2',
  '0.99.3.20040818 > 0.7',
  '6.0_rc1 < 6.0',
  '021109-r3 < 20060512',
  '0.59s-r11 < 0.65',
  '1.0_p10-r0 > 1.0_p9-r0',
  '0.1.0_alpha_pre2 < 0.1.0_alpha',
  '1.0.0_pre20191002222144-r0 < 1.0.0_pre20210530193627-r0',
])('apk: %s', (line) => {
  const [a = '', expected, b = ''] = line.split(' ');
  expect(order('apk', a, b)).toBe(expected);
});

describe.each(['dpkg', 'rpm', 'apk'] as const)('%s', (kind) => {
  const version = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0019aAbrz.+~^-_:p'), maxLength: 12 }),
    fc.stringMatching(/^([01]:)?[0-9]{1,2}(\.[0-9]{1,2}){0,3}[a-b]?([~^_](rc|p|alpha)[0-9]?)?(-r?[0-9])?$/),
    fc.string(),
  );

  test('any text equals itself, and turning the question round turns the answer round', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compareVersions(kind, a, a)).toBe(0);
        expect(Math.sign(compareVersions(kind, a, b)) + Math.sign(compareVersions(kind, b, a))).toBe(0);
      }),
    );
  });

  test('versions can be sorted: what is before a second that is before a third is before it', () => {
    const proper = fc.stringMatching(/^[0-9]{1,2}(\.[0-9]{1,2}){0,2}[a-b]?(_(rc|p|alpha)[0-9]?)?(-r?[0-9])?$/);
    fc.assert(
      fc.property(proper, proper, proper, (a, b, c) => {
        const [first = '', second = '', third = ''] = [a, b, c].toSorted((one, other) =>
          compareVersions(kind, one, other),
        );
        expect(compareVersions(kind, first, second)).toBeLessThanOrEqual(0);
        expect(compareVersions(kind, second, third)).toBeLessThanOrEqual(0);
        expect(compareVersions(kind, first, third)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test.each(['1', '0', 'a', '1.', '~', '^', '-', ':', '_p1', '.0a'])(
    '200,000 characters of %j take no long time',
    (piece) => {
      const long = piece.repeat(200_000 / piece.length);
      const startedMs = performance.now();
      compareVersions(kind, `${long}1`, `${long}2`);
      expect(performance.now() - startedMs).toBeLessThan(1000);
    },
  );

  test('numbers of any size are numbers', () => {
    expect(order(kind, `1.${'9'.repeat(40)}`, `1.1${'0'.repeat(40)}`)).toBe('<');
    expect(order(kind, '1.9007199254740993', '1.9007199254740992')).toBe('>');
  });
});
