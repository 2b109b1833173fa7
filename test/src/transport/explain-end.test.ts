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
  [
    'no greeting within 20 s',
    /it was reached, but no agent answered: see what "ssh .* web1 gumshoe-agent --version" says/,
  ],
  ['exit status 255: Connection timed out during banner exchange', /whether its sshd hangs/],
  ['end by SIGKILL', /ssh on this host was ended/],
  ['exit status 255: kex_exchange_identification: Connection closed by remote host', /MaxStartups/],
  ['exit status 255: Timeout, server web1 not responding.', /the connection broke/],
  ['exit status 1: Error: No such container: box', /correct its name/],
  ['spawn ssh ENOENT', /needed on this host/],
])('%s is told with what can be done', (how, advice) => {
  const said = explainEnd(how, remote);
  expect(said.startsWith(`${how.replace('exit status 255: ', '')} (`)).toBe(true);
  expect(said).toMatch(advice);
});

test('of a key that does not fit the sentence with the host is said, and what to do about it', () => {
  const changed =
    'exit status 255:   remove with:: Host key for [192.0.2.7]:2222 has changed and you have requested strict checking.: Host key verification failed.';
  expect(explainEnd(changed, remote)).toMatch(
    /^Host key for \[192\.0\.2\.7\]:2222 has changed and you have requested strict checking\. \(.*ssh-keygen -R "\[192\.0\.2\.7\]:2222", and "ssh web1"/,
  );
  const unknown =
    'exit status 255: No ED25519 host key is known for web1 and you have requested strict checking.: Host key verification failed.';
  expect(explainEnd(unknown, remote)).toMatch(/^No ED25519 host key is known for web1 .*\(.*accept it: "ssh web1"\)$/);
});

test('an end that is not known is left as it is', () => {
  expect(explainEnd('exit status 3: cannot read the configuration', remote)).toBe(
    'exit status 3: cannot read the configuration',
  );
});
