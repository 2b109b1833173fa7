import { expect, test } from 'vitest';
import { modules } from '../../../../modules/index.ts';
import { readDefaultFolders } from '../../../../src/agent/config/default-config.ts';
import { formatExampleConfig } from '../../../../src/agent/config/format-example-config.ts';
import { parseAgentConfig } from '../../../../src/agent/config/parse-agent-config.ts';
import { listConfigKeys } from '../../../../src/agent/config/config-schema.ts';
import type { AgentConfig } from '../../../../src/agent/config/agent-config.ts';

const folders = readDefaultFolders({ uid: 0, home: '/root', environment: {} });
const parse = (text: string): AgentConfig =>
  parseAgentConfig(text, { path: undefined, folders, hostname: 'host', modules, uidOf: () => 1000 }).config;

const example = formatExampleConfig(modules);

test('the example says what holds without it', () => {
  expect(parse(example)).toEqual(parse(''));
});

test('every key that is commented out may be used as it stands', () => {
  const used = parse(example.replaceAll(/^( *)#(?! )/gm, '$1'));
  expect(used).toMatchObject({
    name: 'web-1',
    log: { level: 'info', file: '/var/log/gumshoe-agent.log' },
    allowedUids: [1000, 1001],
  });
  // Its limits are the defaults, so that nobody changes one by taking the mark away.
  const { parallelOperations: _, ...limits } = parse('').limits;
  expect(used.limits).toMatchObject(limits);
});

test('every key and every persistent module is in it, with its prose', () => {
  for (const { path } of listConfigKeys()) expect(example).toContain(`#${path.split('.').at(-1)}: `);
  for (const { name, persistent } of modules) if (persistent) expect(example).toContain(`\n  ${name}:\n    enabled: `);
  expect(
    example
      .slice(0, example.indexOf('\npersistent:'))
      .split('\n')
      .filter((line) => line.length > 125),
  ).toEqual([]);
});
