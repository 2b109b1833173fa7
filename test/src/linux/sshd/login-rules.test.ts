import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountRefusals, hasStrictModes, keyPlacesOf, needsCommand } from '../../../../src/linux/sshd/login-rules.ts';
import { parseSshdConfig } from '../../../../src/linux/sshd/parse-sshd-config.ts';
import { parseAccounts } from '../../../../src/linux/sshd/read-accounts.ts';

const settingsOf = (text: string) => parseSshdConfig(text, { file: 'f', include: () => [] });
const [root, alice] = parseAccounts(
  'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:\nbroken\nalice:x:1:1::/:/bin/sh\n',
  'root:x:0:\nalice:x:1000:\nwheel:x:10:bob,alice\n',
);
if (!root || !alice) throw new Error('the accounts of this test are not read');

test('accounts are read with their groups, the first line of a name counts', () => {
  expect(alice).toEqual({
    name: 'alice',
    uid: 1000,
    home: '/home/alice',
    shell: '/bin/sh',
    groups: ['alice', 'wheel'],
  });
});

describe('where keys of an account are looked for', () => {
  test.each([
    ['', ['/home/alice/.ssh/authorized_keys', '/home/alice/.ssh/authorized_keys2']],
    [
      'AuthorizedKeysFile /etc/keys/%u/%U%% %h/k keys/../x\n',
      ['/etc/keys/alice/1000%', '/home/alice/k', '/home/alice/x'],
    ],
    ['AuthorizedKeysFile none\n', []],
    ['AuthorizedKeysFile a\nAuthorizedKeysFile b\nMatch User alice\nAuthorizedKeysFile c\n', ['/home/alice/c']],
    ['AuthorizedKeysFile a\nMatch User bob\nAuthorizedKeysFile c\n', ['/home/alice/a']],
    ['AuthorizedKeysFile a\nMatch Group wheel User al*\nAuthorizedKeysFile c\n', ['/home/alice/c']],
    ['AuthorizedKeysFile a\nMatch Address 10.0.0.0/8\nAuthorizedKeysFile c\n', ['/home/alice/a', '?/home/alice/c']],
    ['AuthorizedKeysFile a\nMatch Address 10.0.0.0/8 User bob\nAuthorizedKeysFile c\n', ['/home/alice/a']],
  ])('%j', (text, expected) => {
    const places = keyPlacesOf(alice, settingsOf(text));
    expect(places.map(({ path, isConditional }) => `${isConditional ? '?' : ''}${path}`)).toEqual(expected);
  });
});

describe('why an account is not let in', () => {
  test.each([
    ['', []],
    ['PubkeyAuthentication no', ['PubkeyAuthentication is no']],
    ['AllowUsers bob', ['AllowUsers does not name it']],
    ['AllowUsers bob\nAllowUsers al*@10.0.0.1', []],
    ['DenyUsers alice@10.0.0.1', []],
    ['DenyUsers alice@*', ['DenyUsers names it']],
    ['AllowGroups staff', ['AllowGroups names no group of it']],
    ['DenyGroups wh*', ['DenyGroups names a group of it']],
    ['PermitRootLogin no', []],
    ['Match User alice\nPubkeyAuthentication no', ['PubkeyAuthentication is no']],
  ])('%j', (text, expected) => {
    expect(accountRefusals(alice, settingsOf(text))).toEqual(expected);
  });

  test('root is let in with a key unless PermitRootLogin says no, or asks for a command', () => {
    expect(accountRefusals(root, settingsOf('PermitRootLogin prohibit-password'))).toEqual([]);
    expect(accountRefusals(root, settingsOf('PermitRootLogin no'))).toEqual(['PermitRootLogin is no']);
    expect(needsCommand(root, settingsOf('PermitRootLogin forced-commands-only'))).toBe(true);
    expect(needsCommand(alice, settingsOf('PermitRootLogin forced-commands-only'))).toBe(false);
  });

  test('StrictModes is on unless it is switched off', () => {
    expect(hasStrictModes(alice, settingsOf(''))).toBe(true);
    expect(hasStrictModes(alice, settingsOf('StrictModes no'))).toBe(false);
  });
});

test('whatever settings and accounts say, places are paths from the root and reasons are few', () => {
  const words = [
    'AuthorizedKeysFile AllowUsers DenyUsers AllowGroups DenyGroups PermitRootLogin StrictModes Match User Group Address',
    'all no none forced-commands-only %h %u/%U%%% ../.. @ " = !a*,b? * alice@* \0',
  ].flatMap((line) => line.split(' '));
  const word = fc.constantFrom(...words, '\n', '\n', '\n');
  const anyText = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const name = fc.oneof(fc.constantFrom('', 'alice', '../%h', '%u'), anyText);
  const account = fc.record({
    name,
    uid: fc.nat(0xffff_ffff),
    home: name,
    shell: name,
    groups: fc.array(name, { maxLength: 4 }),
  });
  const text = fc.array(word, { maxLength: 60 }).map((said) => said.join(' '));
  fc.assert(
    fc.property(account, text, (who, config) => {
      const settings = settingsOf(config);
      const places = keyPlacesOf(who, settings);
      const mostPlaces = 2 + settings.flatMap(({ values }) => values).length;
      expect(places.length).toBeLessThanOrEqual(mostPlaces);
      expect(places.filter(({ path }) => !path.startsWith('/') || path.includes('/../'))).toEqual([]);
      const refusals = accountRefusals(who, settings);
      expect(refusals.length).toBeLessThanOrEqual(6);
      expect(new Set(refusals).size).toBe(refusals.length);
      expect(typeof hasStrictModes(who, settings)).toBe('boolean');
      if (needsCommand(who, settings)) expect(who.uid).toBe(0);
    }),
    { numRuns: 100 },
  );
});
