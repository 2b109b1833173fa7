import { expect, test } from 'vitest';
import { describeLookupError } from '../../../src/base/describe-lookup-error.ts';

test.each([
  ['ENOTFOUND', 'the resolver knows no address of that name (ENOTFOUND): check how it is written, or give an address'],
  [
    'EAI_AGAIN',
    'no name server answered (EAI_AGAIN): check /etc/resolv.conf and the way to its servers, or give an address',
  ],
  ['EAI_MEMORY', 'getaddrinfo EAI_MEMORY a.example'],
])('%s is said with the way out where there is one', (code, words) => {
  expect(describeLookupError(Object.assign(new Error(`getaddrinfo ${code} a.example`), { code }))).toBe(words);
});
