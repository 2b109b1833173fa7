import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBaseline } from '../../../modules/fswatch/baseline.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

test('a baseline that cannot be used is named, with what can be done', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'baseline.db');
  writeFileSync(path, 'no database, and longer than the hundred bytes of a header: '.repeat(4));
  expect(() => openBaseline(folder.path)).toThrow(
    `the baseline ${path} cannot be used: file is not a database; make room there, or move a damaged file away, then all is recorded anew`,
  );
});
