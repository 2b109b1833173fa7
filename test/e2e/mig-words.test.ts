import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Finished } from '../helpers/run-program.ts';

const script = `create action
setname find passwd
settarget local
settimes now +10m
addoperation file -path /etc -name ^passwd$
addoperation example -gethostname
deloperation 2
y
settimes 2030-01-01T00:00:00Z 2030-01-02T00:00:00Z
times
settimes never
times
settimes now +5m
json pack
launch
y
counters
list found | grep nothing
results found | grep ^${hostname()}..etc.passwd
exit
sign
showcfg
`;

describe("a session in MIG's words", () => {
  const home = mkdtempSync(join(tmpdir(), 'gumshoe-words-'));
  let session: Finished;
  let lines: readonly string[];
  beforeAll(async () => {
    session = await runProgram('gumshoe', [], { input: script, env: { GUMSHOE_HOME: home } });
    lines = session.stdout.split('\n');
  });
  afterAll(() => rmSync(home, { recursive: true }));

  test('builds, launches and reads an action', () => {
    expect(session.status).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^target local: 1 agent/));
    expect(lines).toContain("action 1 'find passwd' is launched on 1 agent");
    expect(lines).toContainEqual(expect.stringMatching(/^commands: sent 1, done 1/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^\S+ \/etc\/passwd \[lastmodified:.+, mode:-rw-r--r--, size:\d+\] in search 's1'$/),
    );
  });

  test('counts operations from 1 and asks before it takes one out', () => {
    expect(lines).toContain('? Remove operation 2 (example)? (y/n)');
    expect(lines).toContain('operation 2 was removed');
    const draft = lines.find((line) => line.startsWith('{"name":"find passwd"')) ?? '{}';
    expect(JSON.parse(draft)).toMatchObject({ operations: [{ module: 'file' }] });
  });

  test('takes absolute times, and a wrong one leaves them as they were', () => {
    const absolute = 'valid: from 2030-01-01T00:00:00.000Z until 2030-01-02T00:00:00.000Z';
    expect(lines.filter((line) => line === absolute).length).toBeGreaterThanOrEqual(2);
    expect(session.stderr).toMatch(/^line 11: /m);
  });

  test('says which words of MIG it does not know yet', () => {
    expect(session.stderr).toMatch(/^line 21: sign: .+/m);
    expect(lines).toContainEqual(expect.stringMatching(/^matchonly +on$/));
  });
});
