import { expect, test } from 'vitest';
import { programsOf } from '../../../../src/linux/startup/programs-of.ts';

test.each([
  ['/usr/sbin/sshd -D', ['/usr/sbin/sshd']],
  ['A=b /usr/bin/x', ['/usr/bin/x']],
  ['test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )', ['run-parts']],
  ['if [ -x /bin/a ]; then /bin/a && /bin/b; fi', ['/bin/a', '/bin/b']],
  ['/bin/sh -c "/opt/a; exec /opt/b c"', ['/bin/sh', '/opt/a', '/opt/b']],
  ["bash -lc 'curl http://x | sh'", ['bash', 'curl', 'sh']],
  ['/usr/bin/python3 -u /opt/x.py --now', ['/usr/bin/python3', '/opt/x.py']],
  ['. /etc/default/x; source /opt/y', ['/etc/default/x', '/opt/y']],
  ['nice -n 10 ionice -c3 /opt/x', ['/opt/x']],
  ['flock -n /run/x.lock timeout 30s /opt/x', ['/opt/x']],
  ['"/opt/with space/x" y', ['/opt/with space/x']],
  ['/opt/a\\ b', ['/opt/a b']],
  ['$HOME/x; `y`; /opt/*', []],
  ['# /opt/x\n/opt/y', ['/opt/y']],
  ['', []],
  ['sh -c "sh -c \\"sh -c \'sh -c /deep\'\\""', ['sh']],
])('%j starts %j', (command, programs) => {
  expect(programsOf(command)).toEqual(programs);
});
