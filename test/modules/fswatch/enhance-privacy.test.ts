import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Elements } from '../../../modules/fswatch/elements.ts';
import { enhancePrivacy } from '../../../modules/fswatch/enhance-privacy.ts';
import { maskAlert } from '../../../modules/fswatch/mask-alert.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { startWatch } from './watch-folder.ts';

test('paths, errors and what is wrong are masked in an answer; changes, checksums and counts stay', () => {
  const elements = {
    ok: true,
    objects: 12,
    paths: [{ path: '/home/ann', recursive: true, state: 'watched', leadsTo: '/data/ann' }],
    changes: [
      { n: 7, at: '2026-05-04T10:20:30.456Z', severity: 'low', change: 'removed', text: 'path /home/ann/x removed' },
      { n: 6, at: '2026-05-04T10:20:29.456Z', severity: 'low', change: 'of tomorrow', text: 'ann went' },
    ],
    problems: ['/home/ann/y is missing: it is waited for'],
    record: { path: '/home/ann/l', type: 'link', size: 3, sha256: 'abc', target: '/home/ann/x' },
  } as unknown as Elements;
  const result = {
    foundanything: true,
    success: true,
    elements,
    statistics: null,
    errors: ['/home/ann/z is not there'],
  };
  const hidden = enhancePrivacy(result);
  expect(JSON.stringify(hidden)).not.toContain('ann');
  expect(hidden.elements).toMatchObject({
    objects: 12,
    paths: [{ path: 'masked', leadsTo: 'masked', state: 'watched' }],
    changes: [
      { n: 7, severity: 'low', change: 'removed', text: 'path masked removed' },
      { n: 6, text: 'masked' },
    ],
    record: { path: 'masked', type: 'link', size: 3, sha256: 'abc', target: 'masked' },
  });
  expect(enhancePrivacy({ ...result, elements: null, errors: null })).toMatchObject({ elements: null, errors: null });
});

test('with extra privacy alerts tell what happened, and of which path only in the log of the host', async () => {
  using folder = createTemporaryFolder();
  const tree = join(folder.path, 'ann');
  mkdirSync(tree);
  const watch = await startWatch(folder.path, { paths: [`recursive:${tree}`] }, undefined, { extraPrivacy: true });
  try {
    await watch.collected();
    writeFileSync(join(tree, 'new'), 'text');
    await watch.settled(1);
    renameSync(join(tree, 'new'), join(tree, 'other'));
    await watch.settled(2);
    symlinkSync('/home/ann', join(tree, 'link'));
    expect(await watch.settled(3)).toEqual(['path masked created', 'path masked renamed', 'path masked created']);
    expect(JSON.stringify(watch.alerts)).not.toContain('ann');
    expect(watch.alerts[0]).toMatchObject({ severity: 'high', n: 1, change: 'created', type: 'file', path: 'masked' });
    expect(watch.alerts[0]?.['new']).toMatch(/^[\da-f]{64}$/);
  } finally {
    await watch.stop();
  }
});

test('of a link that changed neither end is told, and a count of many changes stays as it is', () => {
  expect(
    maskAlert({
      severity: 'critical',
      alert: '/l link changed /a -> /b',
      n: 3,
      change: 'link',
      path: '/l',
      old: '/a',
      new: '/b',
    }),
  ).toEqual({ severity: 'critical', alert: 'masked link changed', n: 3, change: 'link', path: 'masked' });
  const summary = { severity: 'high', alert: '9 more changes', change: 'summary', first: 1, last: 9 };
  expect(maskAlert(summary)).toBe(summary);
});
