import { expect, test } from 'vitest';
import { examplepersist } from '../../../../modules/examplepersist/index.ts';
import { readDefaultFolders } from '../../../../src/agent/config/default-config.ts';
import { formatSettings } from '../../../../src/agent/config/format-settings.ts';
import { parseAgentConfig } from '../../../../src/agent/config/parse-agent-config.ts';

test('-S shows what is in force, and where each value comes from', () => {
  const found = parseAgentConfig('limits:\n  timeout: 1m\nallow: [7]\n', {
    path: '/etc/a.yaml',
    folders: readDefaultFolders({ uid: 0, home: '/root', environment: { GUMSHOE_RUN: '/r' } }),
    hostname: 'host',
    modules: [examplepersist],
    uidOf: () => undefined,
  });
  expect(JSON.parse(formatSettings(found))).toMatchObject({
    version: '0.1.0',
    file: '/etc/a.yaml',
    runFolder: '/r',
    allowedUids: [7],
    limits: { timeoutMs: 60_000, nice: 10 },
    log: { level: 'info', file: null },
    persistent: { examplepersist: { interval: 30 } },
    from: {
      run: 'environment GUMSHOE_RUN',
      'limits.timeout': '/etc/a.yaml:2',
      'limits.nice': 'default',
      allow: '/etc/a.yaml:3',
      'persistent.examplepersist': 'default',
    },
  });
});
