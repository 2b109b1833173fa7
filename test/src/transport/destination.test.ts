import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentArgv } from '../../../src/transport/agent-argv.ts';
import { checkAgentPath, parseDestination } from '../../../src/transport/destination.ts';

const argv = (text: string, options = { daemon: false }, agentPath = 'gumshoe-agent'): readonly string[] =>
  agentArgv({ destination: parseDestination(text), agentPath }, options);

const sshOptions =
  'ssh -T -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=3 -o RemoteCommand=none --';

test.each([
  ['web1', 'web1'],
  ['root@192.0.2.7', 'root@192.0.2.7'],
  ['ssh://root@web1:2222', 'ssh://root@web1:2222'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
])('%s is reached by ssh, which reads its own configuration', (text, host) => {
  expect(argv(text)).toEqual([...sshOptions.split(' '), host, 'gumshoe-agent --stdio']);
});

test('the agent may lie anywhere, and a daemon may be insisted on', () => {
  expect(argv('web1', { daemon: true }, '/opt/gumshoe/bin/gumshoe-agent').at(-1)).toBe(
    '/opt/gumshoe/bin/gumshoe-agent --stdio --daemon',
  );
});

test.each([
  ['docker:box', 'docker exec -i box gumshoe-agent --stdio'],
  ['kubectl:cart-0', 'kubectl exec -i cart-0 -- gumshoe-agent --stdio'],
  ['kubectl:shop/cart-0:app', 'kubectl exec -i cart-0 -n shop -c app -- gumshoe-agent --stdio'],
])('%s becomes %s', (text, words) => {
  expect(argv(text).join(' ')).toBe(words);
});

test.each([
  '',
  '-oProxyCommand=touch /tmp/x',
  'root@-oProxyCommand=x',
  'a b',
  'a\nb',
  'a;id',
  '$(id)',
  '`id`',
  'a|b',
  'docker:-it',
  'docker:',
  'docker:a b',
  'kubectl:-n',
  'kubectl:a/b/c',
  'kubectl:pod:-c',
  '\x1b[2J',
])('%j is no destination', (text) => {
  expect(() => parseDestination(text)).toThrow(expect.objectContaining({ code: 'HOST_INVALID' }));
});

test('nothing that is accepted can be an option, a blank, or a word of a shell', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `docker:${text}`),
        fc.string().map((text) => `kubectl:${text}`),
      ),
      (text) => {
        let words: readonly string[];
        try {
          words = argv(text);
        } catch {
          return;
        }
        const constant = new Set(['host', 'docker:box', 'kubectl:ns/pod:box'].flatMap((known) => argv(known)));
        const own = words.filter((word) => !constant.has(word));
        expect(own.filter((word) => /^-|[\s;&|`$<>(){}'"\\*?!#]|\p{Cc}/u.test(word))).toEqual([]);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each(['', '-x', '/opt/a b', '/opt/$HOME', '/opt/a;id', "/opt/'"])('%j is no path of an agent', (path) => {
  expect(() => checkAgentPath(path)).toThrow(expect.objectContaining({ code: 'HOST_INVALID' }));
});
