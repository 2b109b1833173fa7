import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/lineage/enhance-privacy.ts';
import { ask, linesOf, type Answer } from './ask.ts';
import { at, createFakeLineage, known, makeNodes } from './fake-lineage.ts';

const secret = 'SECRET';
const nodes = makeNodes([
  { pid: 1, from: '00:00:01', run: [`/opt/${secret}`], uid: 0 },
  {
    pid: 7,
    of: 1,
    from: '14:00',
    to: '14:00:02',
    code: 3,
    run: [`/opt/${secret}`, `--password=${secret}`],
    uid: 31337,
    cwd: known(`/home/${secret}`),
    loginUid: known(31337),
    container: secret,
    cgroup: `/docker/${secret}`,
    failedExecutions: [{ ...at('14:00'), executable: secret, args: [secret], cwd: secret, error: 'ENOENT' }],
    files: [
      { ...at('14:00:01'), change: 'renamed', path: `/home/${secret}`, from: `/tmp/${secret}` },
      { ...at('14:00:01'), change: 'deleted', path: `/home/${secret}`, to: `/tmp/${secret}` },
    ],
  },
]);
const gaps = [{ source: 'connector', from: at('14:00'), until: at('14:00:01'), drops: 3, reason: secret }];
const lineage = createFakeLineage(nodes, { gaps });

test('names, arguments, paths, users and containers are masked; structure, numbers, times and ends stay', async () => {
  const answer = await ask(lineage, `-command ${secret} -pid 7 -status`);
  const hidden = enhancePrivacy({ ...answer, errors: [secret] }) as Answer;
  const json = JSON.stringify(hidden);
  expect(json).not.toContain(secret);
  expect(json).not.toMatch(/31337/);
  expect(hidden.elements.processes[1]).toMatchObject({
    pid: 7,
    id: 'id7',
    below: 'id1',
    end: { code: 3, at: '2026-11-21T14:00:02.000Z' },
    birthParent: { pid: 1, name: 'masked' },
    failedExecutions: [{ error: 'ENOENT' }],
  });
  expect(hidden.elements.gaps[0]).toMatchObject({ drops: 3 });
  expect(linesOf(hidden)).toContain('14:00:00     2s exit 3  └─▸masked 7 (masked) [container masked] masked masked');
});

test('an answer that failed has nothing to mask but its errors', () => {
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: [secret] };
  expect(enhancePrivacy(failed)).toEqual({ ...failed, errors: ['masked'] });
});
