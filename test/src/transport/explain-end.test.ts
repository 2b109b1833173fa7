import { expect, test } from 'vitest';
import { explainEnd } from '../../../src/transport/explain-end.ts';

const remote = { destination: { kind: 'ssh', host: 'web1' }, agentPath: 'gumshoe-agent' } as const;

test.each([
  [
    'exit status 127: bash: gumshoe-agent: command not found',
    /install gumshoe-agent there, or say where it is with --agent PATH/,
  ],
  [
    'exit status 255: root@web1: Permission denied (publickey).',
    /"ssh -o BatchMode=yes web1 true" must work without a password/,
  ],
  ['exit status 255: Host key verification failed.', /accept it: "ssh web1"/],
  ['exit status 255: ssh: Could not resolve hostname web1: Name or service not known', /correct the name/],
  ['exit status 255: ssh: connect to host web1 port 22: Connection refused', /no ssh server listens there/],
  ['exit status 255: ssh: connect to host web1 port 22: No route to host', /the host is down/],
  ['exit status 255: ssh: connect to host web1 port 22: Connection timed out', /the host is down/],
  ['no greeting within 20 s', /the host is down/],
  ['exit status 255: kex_exchange_identification: Connection closed by remote host', /MaxStartups/],
  ['exit status 255: Timeout, server web1 not responding.', /the connection broke/],
  ['exit status 1: Error: No such container: box', /correct its name/],
  ['spawn ssh ENOENT', /needed on this host/],
])('%s is told with what can be done', (how, advice) => {
  const said = explainEnd(how, remote);
  expect(said.startsWith(`${how} (`)).toBe(true);
  expect(said).toMatch(advice);
});

test('an end that is not known is left as it is', () => {
  expect(explainEnd('exit status 3: cannot read the configuration', remote)).toBe(
    'exit status 3: cannot read the configuration',
  );
});
