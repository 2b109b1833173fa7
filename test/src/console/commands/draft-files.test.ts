import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatActionJson } from '../../../../src/console/commands/draft-files.ts';
import { parseAction } from '../../../../src/protocol/action.ts';

test('action files are written back so that they load again as they were', () => {
  const path = join(import.meta.dirname, '../../../fixtures/actions/integration_tests.json');
  const { action } = parseAction(readFileSync(path, 'utf8'));
  expect(parseAction(formatActionJson(action, false).join('\n')).action).toEqual(action);
  expect(formatActionJson(action, true)).toHaveLength(1);
  expect(formatActionJson(action, true)[0]).not.toContain('\n');
});
