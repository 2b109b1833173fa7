import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modules } from '../../../../modules/index.ts';
import { readDefaultFolders } from '../../../../src/agent/config/default-config.ts';
import { parseAgentConfig } from '../../../../src/agent/config/parse-agent-config.ts';
import { ConfigError } from '../../../../src/base/app-error.ts';

const folders = readDefaultFolders({ uid: 0, home: '/root', environment: {} });

function parseOrRefuse(text: string): void {
  try {
    parseAgentConfig(text, { path: '/a', folders, hostname: 'h', modules, uidOf: () => undefined });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).toMatch(/^\/a:\d+: /);
    expect(error.message.length).toBeLessThan(2000);
  }
}

const key = fc.constantFrom(
  'name',
  'tags',
  'allow',
  'log',
  'limits',
  'restart',
  'persistent',
  'run',
  'level',
  'dispatch',
  '__proto__',
  'constructor',
  'x',
);
const scalar = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

test('whatever stands in the file, it is taken or refused with file and line', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 500 }), fc.string({ unit: 'binary', maxLength: 200 })), parseOrRefuse),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 6 }), (value) => parseOrRefuse(JSON.stringify(value))),
    { numRuns: 500 },
  );
});

const syntax = fc.constantFrom(
  'a: ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '? ',
  ': ',
  '|\n',
  '>\n',
  '\n',
  '  ',
  '!!map ',
  '---\n',
  '...\n',
  '#',
  '"',
  "'",
  'name: ',
  '<<: ',
  '%YAML 1.1\n',
);

test('pieces of YAML in any order are taken or refused', () => {
  fc.assert(
    fc.property(fc.array(syntax, { maxLength: 40 }), (pieces) => parseOrRefuse(pieces.join(''))),
    { numRuns: 1000 },
  );
});
