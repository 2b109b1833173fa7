import { describe, expect, test } from 'vitest';
import { sshkey } from '../../../modules/sshkey/index.ts';
import { checkFingerprint, parseFingerprint } from '../../../modules/sshkey/fingerprint-query.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';

const validate = (parameters: unknown): unknown => validateParameters(sshkey.params, parameters);

describe('parameters', () => {
  test.each([
    [{ paths: null, maxdepth: 0 }],
    [{ paths: ['/home'], maxdepth: 1000 }],
    [{ fingerprints: ['MD5:54:2b:87:38:36:a7:f0:88:e1:50:86:c3:35:e4:55:a2'], types: ['private', 'knownhost'] }],
    [{ weak: true, knownhosts: false }],
  ])('%j is accepted', (parameters) => {
    expect(() => validate(parameters)).not.toThrow();
  });

  test.each([
    [{ maxdepth: 1001 }, 'maxdepth: expected a whole number from 0 to 1000, got 1001'],
    [{ maxdepth: -1 }, 'maxdepth: expected a whole number from 0 to 1000, got -1'],
    [{ maxdepth: 1.5 }, 'maxdepth: expected a whole number from 0 to 1000, got 1.5'],
    [{ maxdepth: '3' }, 'maxdepth'],
    [{ paths: ['home'] }, 'paths.0: expected a path from the root of the file system, got "home"'],
    [{ paths: ['/a\0b'] }, 'paths.0'],
    [{ types: ['secret'] }, 'types.0: expected one of private, public, authorizedkeys'],
    [{ fingerprints: ['SHA256:short'] }, 'fingerprints.0: expected a fingerprint like SHA256:'],
  ])('%j is refused', (parameters, message) => {
    expect(() => validate(parameters)).toThrow(message);
  });

  test("MIG's flags mean MIG's parameters", () => {
    expect(parseParams(sshkey.params, ['-path', '/a', '-path', '/b', '-maxdepth', '3'])).toEqual({
      paths: ['/a', '/b'],
      maxdepth: 3,
    });
  });
});

test.each([
  ['SHA256:o2Mdage8frq9H6zMIrjfhlH/Uhtu98ruICj+pNQjM2s=', 'SHA256:o2Mdage8frq9H6zMIrjfhlH/Uhtu98ruICj+pNQjM2s'],
  [' o2Mdage8frq9H6zMIrjfhlH/Uhtu98ruICj+pNQjM2s ', 'SHA256:o2Mdage8frq9H6zMIrjfhlH/Uhtu98ruICj+pNQjM2s'],
  ['md5:54:2B:87:38:36:a7:f0:88:e1:50:86:c3:35:e4:55:a2', '54:2b:87:38:36:a7:f0:88:e1:50:86:c3:35:e4:55:a2'],
])('%s is understood as a fingerprint', (typed, meant) => {
  expect(parseFingerprint(typed)).toBe(meant);
  expect(checkFingerprint(typed)).toBeUndefined();
});

test('what is no fingerprint is refused with both forms', () => {
  expect(checkFingerprint('54:2b')).toBe(
    'expected a fingerprint like SHA256:<43 characters of base64> or MD5:<16 bytes in hexadecimal, colons between them>, got "54:2b"',
  );
});
