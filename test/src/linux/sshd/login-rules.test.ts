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
