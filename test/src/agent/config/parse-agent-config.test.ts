import { expect, test } from 'vitest';
import { z } from 'zod';
import { example } from '../../../../modules/example/index.ts';
import { parseAgentConfig, type ConfigWithSources } from '../../../../src/agent/config/parse-agent-config.ts';
import { readDefaultFolders } from '../../../../src/agent/config/default-config.ts';
import { defaultLimits } from '../../../../src/agent/limits.ts';
import type { Module } from '../../../../src/module/define-module.ts';

const persistentModule = (name: string, isDefault: boolean): Module => ({
  ...example,
  name,
  persistent: {
    config: z.strictObject({
      interval: z.number().default(30),
      paths: z.array(z.string().startsWith('/', { error: 'expected an absolute path' })).default([]),
    }),
    isDefault,
    configExample: 'interval: 30\n',
    load: () => Promise.reject(new Error('not to be loaded')),
  },
});

const watch = persistentModule('watch', true);
const audit = persistentModule('audit', false);
const folders = readDefaultFolders({ uid: 0, home: '/root', environment: {} });

function parse(text: string, isWatched = false): ConfigWithSources {
  return parseAgentConfig(text, {
    path: '/etc/a.yaml',
    folders,
    hostname: 'host',
    isWatched,
    modules: [example, watch, audit],
    uidOf: (name) => (name === 'alice' ? 1000 : undefined),
  });
}

test('an empty file is the defaults', () => {
  for (const text of ['', '# nothing\n', 'log:\nlimits:\n  #timeout: 1m\npersistent:\ntags:\nallow:\n']) {
    expect(parse(text).config).toEqual({
      path: '/etc/a.yaml',
      runFolder: '/run/gumshoe',
      stateFolder: '/var/lib/gumshoe',
      name: 'host',
      tags: {},
      extraPrivacy: false,
      log: { level: 'info', format: 'json', file: undefined },
      limits: defaultLimits,
      allowedUids: [],
      restart: { maxInWindow: 3, windowMs: 600_000 },
      persistent: [{ module: watch, config: { interval: 30, paths: [] } }],
    });
  }
});

test('a log that somebody watches on a terminal is for people, unless the file says otherwise', () => {
  const formatOf = (text: string) => parse(text, true).config.log.format;
  expect(parse('', true).sources.get('log.format')).toBe('standard error is a terminal');
  expect(formatOf('')).toBe('text');
  expect(formatOf('log: { format: json }')).toBe('json');
  expect(formatOf('log: { file: /var/log/a }')).toBe('json');
});

test('every key is read, in units of people', () => {
  const { config } = parse(`
name: web-1
tags: { operator: it, "a:b": "c:d" }
extraPrivacy: true
run: /srv/run
state: /srv/state
allow: [alice, 1001, 1000]
log: { level: warn, format: text, file: /var/log/agent.log }
limits: { timeout: 1h30m, memory: 1GiB, result: 128m, hits: 65536, nice: 0, parallel: 3, waiting: 7, spareWait: 0s }
restart: { max: 5, window: 1m }
persistent:
  watch: { enabled: false }
  audit: { interval: 5 }
`);
  expect(config).toEqual({
    path: '/etc/a.yaml',
    runFolder: '/srv/run',
    stateFolder: '/srv/state',
    name: 'web-1',
    tags: { operator: 'it', 'a:b': 'c:d' },
    extraPrivacy: true,
    log: { level: 'warn', format: 'text', file: '/var/log/agent.log' },
    limits: {
      ...defaultLimits,
      timeoutMs: 5_400_000,
      memoryBytes: 2 ** 30,
      resultBytes: 2 ** 27,
      hitBytes: 65_536,
      nice: 0,
      parallelOperations: 3,
      waitingOperations: 7,
      spareWaitMs: 0,
    },
    allowedUids: [1000, 1001],
    restart: { maxInWindow: 5, windowMs: 60_000 },
    persistent: [{ module: audit, config: { interval: 5, paths: [] } }],
  });
});

test.each([
  ['\nnmae: x', ':2: nmae: the key "nmae" is not known: did you mean name?'],
  ['zzzzzz: x', ':1: zzzzzz: the key "zzzzzz" is not known: possible are name, tags, extraPrivacy, run,'],
  ['limits:\n  nice: 5\n  memroy: 1', ':3: limits.memroy: the key "memroy" is not known: did you mean memory?'],
  ['__proto__: 1', ':1: __proto__: the key "__proto__" is not known'],
  ['limits:\n  timeout: 5', ':2: limits.timeout: expected a duration from 1s to 24h as "5m", got 5'],
  ['limits: { timeout: 5 minutes }', ':1: limits.timeout: expected a duration from 1s to 24h as "5m", got "5 minutes"'],
  ['limits: { timeout: 25h }', ':1: limits.timeout: expected a duration from 1s to 24h'],
  ['limits: { memory: lots }', ':1: limits.memory: expected a size from 64MiB to 1048576MiB as 512MiB, got "lots"'],
  ['limits: { memory: -1 }', 'got -1'],
  ['limits: { nice: 20 }', ':1: limits.nice: expected a number from 0 to 19, got 20'],
  ['limits: 5', ':1: limits: expected keys with values, got 5'],
  ['extraPrivacy: yes', ':1: extraPrivacy: expected true or false, got "yes"'],
  ['log: { level: debug }', ':1: log.level: expected info or warn or error, got "debug"'],
  ['run: run', ':1: run: expected an absolute path as /run/gumshoe, got "run"'],
  ['name: "a\\nb"', ':1: name: expected a text of 1 to 255 characters on one line, got "a\\nb"'],
  ['name: [a]', ':1: name: expected a text of 1 to 255 characters on one line, got a list of 1'],
  ['tags:\n  a: b\n  room: 4', ':3: tags.room: expected a text (in quotes), got 4'],
  ['tags: [a]', ':1: tags: expected texts by name, got a list of 1'],
  ['allow:\n  - alice\n  - bob', ':3: allow.1: expected an account of this host, got "bob"'],
  ['allow: [-1]', ':1: allow.0: expected the name of an account or a uid, got -1'],
  ['allow: [4294967295]', ':1: allow.0: expected the name of an account or a uid, got 4294967295'],
  ['allow: alice', ':1: allow: expected a list of accounts as [alice, 1001], got "alice"'],
  ['- a', ':1: expected keys with values, got a list of 1'],
  ['just text', ':1: expected keys with values, got "just text"'],
  [
    'persistent:\n  example: {}',
    ':2: persistent.example: expected a persistent module, got "example", which is none: possible are watch, audit',
  ],
  ['persistent:\n  wacth: {}', ':2: persistent.wacth: there is no module "wacth": did you mean watch?'],
  [
    'persistent:\n  watch:\n    intervall: 1',
    ':3: persistent.watch.intervall: the key "intervall" is not known: did you mean interval?',
  ],
  ['persistent:\n  watch:\n    enabled: 1', ':3: persistent.watch.enabled: expected true or false, got 1'],
  ['persistent:\n  watch:\n    interval: a', ':3: persistent.watch.interval: expected a number, got "a"'],
  [
    'persistent:\n  watch:\n    enabled: false\n    paths:\n      - /a\n      - b',
    ':6: persistent.watch.paths.1: expected an absolute path, got "b"',
  ],
  ['persistent: { watch: 5 }', ':1: persistent.watch: expected keys with values, got 5'],
  ['persistent: watch', ':1: persistent: expected sections by module, got "watch"'],
  ['name: a\nname: b', ':2: expected YAML, got what is none: Map keys must be unique'],
  ['name: [a', ':1: expected YAML, got what is none: '],
  ['name: a\n\tb: c', ':2: expected YAML, got what is none: '],
  ['name: !!binary aGk=', ':1: '],
  ['name: !exec ls', ':1: expected YAML, got what is none: Unresolved tag: !exec'],
  ['name: a\n---\nname: b', 'expected YAML, got what is none: '],
  ['tags: &a { x: y }\nlog: *a', ':2: expected values without anchors, got an alias'],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`/etc/a.yaml${message.startsWith(':') ? message : ''}`) as unknown,
    }),
  );
  expect(() => parse(text)).toThrow(message);
});

test('a text that would grow, or nests too deep, or is too large, is refused at once', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefghi'].map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}]`),
  ];
  expect(() => parse(bomb.join('\n'))).toThrow('got an alias');
  expect(() => parse(`tags: ${'['.repeat(100_000)}`)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(() => parse(`tags: ${'['.repeat(200)}${']'.repeat(200)}`)).toThrow('expected few levels');
  expect(() => parse('#'.repeat(1024 * 1024 + 1))).toThrow('expected at most 1048576 bytes');
});

test('it is told where each value comes from', () => {
  const { sources } = parse('\nname: web-1\nlimits:\n  nice: 5\npersistent:\n  audit:\n');
  const told = ['name', 'run', 'limits.nice', 'limits.memory', 'persistent.audit', 'persistent.watch', 'tags'];
  expect(told.map((key) => [key, sources.get(key)])).toEqual([
    ['name', '/etc/a.yaml:2'],
    ['run', 'default of root'],
    ['limits.nice', '/etc/a.yaml:4'],
    ['limits.memory', 'default'],
    ['persistent.audit', '/etc/a.yaml:6'],
    ['persistent.watch', 'default'],
    ['tags', 'default'],
  ]);
});
