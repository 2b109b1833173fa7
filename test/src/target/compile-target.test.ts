import { expect, test } from 'vitest';
import type { AgentRow } from '../../../src/target/agent-row.ts';
import { compileTarget, isCondition } from '../../../src/target/compile-target.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');

const row: AgentRow = {
  id: 'web-01-id',
  name: 'web-01.example.net',
  queueloc: 'linux.web-01-id',
  mode: 'daemon',
  version: '0.1.0',
  pid: 812,
  starttime: '2026-10-01T07:00:00Z',
  heartbeattime: '2026-11-21T11:59:30.000Z',
  refreshtime: '2026-11-21T11:59:30.000Z',
  status: 'online',
  environment: {
    os: 'linux',
    arch: 'amd64',
    ident: 'Ubuntu 24.04.1 LTS',
    init: 'systemd',
    isproxied: true,
    addresses: ['192.0.2.7/24', '2001:db8::7/64'],
    modules: ['file', 'netstat'],
    user: 'root',
  },
  tags: { operator: 'IT', env: 'prod', "o'clock": 'noon' },
};

function matches(text: string, changes: Partial<AgentRow> = {}): boolean {
  using condition = compileTarget(text, { nowMs: () => nowMs });
  return condition.matches({ ...row, ...changes });
}

function problem(text: string): string {
  try {
    compileTarget(text)[Symbol.dispose]();
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test.each([
  "queueloc LIKE 'linux.%'",
  "agents.queueloc like 'linux.%'",
  "name ILIKE '%WEB%'",
  "environment->>'ident' ILIKE '%ubuntu%'",
  "environment->>'os' IN ('linux','darwin') AND mode='daemon'",
  "queueloc LIKE 'linux.%' AND environment->>'ident' ILIKE '%ubuntu%'",
  "tags->>'operator'='IT'",
  "agents.tags->>'env' = 'prod'",
  "environment->>'isproxied'='true'",
  "environment->>'isproxied'=true",
  "environment->'isproxied' = 'true'",
  "environment->>'addresses' LIKE '%192.0.2.7%'",
  "environment->'addresses'->>0 = '192.0.2.7/24'",
  "environment#>>'{addresses,1}' = '2001:db8::7/64'",
  "starttime < NOW() - INTERVAL '30 days'",
  "starttime < now() - '30 days'::interval",
  "heartbeattime > NOW() - INTERVAL '1 minute'",
  "heartbeattime + INTERVAL '1 month 2 hours' > now()",
  "starttime BETWEEN '2026-10-01' AND '2026-10-02 00:00+00'",
  "'2026-11-01' > agents.starttime",
  "version LIKE '0.%'",
  "pid > 800 AND pid <= 812 AND pid = '812'",
  "NOT (mode = 'stdio' OR status <> 'online')",
  "id IN ('a', 'web-01-id')",
  "tags->>'none' IS NULL AND tags->>'env' IS NOT NULL",
  "tags->>'o''clock' = 'noon'",
  `"name" = 'web-01.example.net'`,
  "lower(tags->>'operator') = 'it' AND length(name) > 3",
  "coalesce(tags->>'none', 'x') = 'x'",
  'CASE WHEN pid > 5 THEN true ELSE false END',
  "cast(environment->'addresses'->>5 AS integer) IS NULL",
  "name LIKE 'web\\_01%' IS false",
  "name NOT ILIKE 'WEB\\_01%'",
  "name LIKE 'web!-01%' ESCAPE '!'",
  "name LIKE 'w_b-01%'",
  'tag:env=prod',
  'tag:env',
])('the row matches %s', (text) => {
  expect(isCondition(text)).toBe(true);
  expect(matches(text)).toBe(true);
});

test.each([
  "name LIKE '%WEB%'",
  "environment->>'os'='Linux'",
  "tags->>'none' = 'x'",
  "NOT tags->>'none' = 'x'",
  "environment#>>'{aws,instanceid}' = 'i-0'",
  "starttime > '2026-11-01'",
  "starttime > NOW() - INTERVAL '1 year' AND false",
  'destructiontime < now()',
  "loadername <> ''",
  "tags->>'__proto__' IS NOT NULL OR tags->>'constructor' IS NOT NULL",
  'tag:env=test',
  "name->>'x' = 'y'",
])('the row does not match %s', (text) => {
  expect(matches(text)).toBe(false);
});

test.each([
  ["environment->>'os' LIEK 'linux'", `at character 20, near "LIEK": no column is called so: did you mean LIKE?`],
  ["nmae = 'web'", `at character 1, near "nmae": no column is called so: did you mean name?`],
  ["os = 'linux'", `at character 1, near "os": no column is called so: did you mean environment->>'os'?`],
  ["name = 'web", `at character 8, near "'web": the quote ' is not closed`],
  ["name = 'a' OR", 'at its end: expected a column, a text in single quotes or a number, got the end'],
  ["name 'a'", `at character 6, near "'a'": expected an operator such as =, LIKE or IN, or AND, OR, or the end`],
  ["name = = 'a'", `at character 8, near "=": expected a column, a text in single quotes or a number`],
  ["(name = 'a'", `at character 1, near "(": this parenthesis is never closed`],
  ["name = 'a') OR (true", `at character 11, near ")": this parenthesis was never opened`],
  ["name = 'a'; DROP TABLE agents", `at character 11, near ";": expected one condition, got a semicolon`],
  ["name = 'a' -- x", `at character 12, near "--": expected a condition without comments`],
  ["name = 'a' /* x */", `at character 12, near "/*": expected a condition without comments`],
  ['id IN (SELECT id FROM agents)', `at character 8, near "SELECT": expected a condition on the columns of one agent`],
  ['EXISTS (SELECT 1)', `at character 1, near "EXISTS": expected one of the functions`],
  ["load_extension('x')", `at character 1, near "load_extension": expected one of the functions`],
  ['name = ?1', `at character 8, near "?": expected a column`],
  ["name ~ 'web'", `at character 6, near "~": expected LIKE or ILIKE`],
  ["name GLOB 'w*'", `at character 6, near "GLOB": expected LIKE or ILIKE`],
  ["sqlite_schema.name = 'x'", `at character 1, near "sqlite_schema": expected a column (id,`],
  ['rowid = 1', `at character 1, near "rowid"`],
  ["pid::text = '5'", `at character 4, near "::": expected no cast with ::`],
  ["starttime > 'soon'", `at character 13, near "'soon'": expected a time like`],
  ["starttime > now() - INTERVAL 'a while'", `at character 30, near "'a while'": expected a length of time`],
  ["environment#>>'aws' = ''", `at character 15, near "'aws'": expected a path like '{aws,instanceid}'`],
  ["tags->>'count' > 5", `at character 18, near "5": expected a text, as ->> gives one: write '5'`],
  ['lower() = name', `at character 1, near "lower": wrong number of arguments`],
  ['found(12)', `at character 1, near "found": found(N) takes the number of an action`],
  ['   ', 'at its end: expected a condition, got nothing'],
  ["name = E'\\u0000'", `near "E"`],
  ["name = 'a\u0000b'", 'expected no control character in a text'],
  ["name = 'a' COLLATE NOCASE", `near "COLLATE"`],
])('%s is refused with its place', (text, said) => {
  expect(problem(text)).toContain('target, ');
  expect(problem(text)).toContain(said);
});

test('a condition has limits of length and depth', () => {
  expect(problem(`name = 'x'${" OR name = 'x'".repeat(400)}`)).toContain('expected at most 4096 characters');
  expect(problem(`${'('.repeat(101)}true${')'.repeat(101)}`)).toContain('expected at most 100 parentheses');
  expect(problem(`${'NOT '.repeat(1000)}true`)).toContain('Expression tree is too large');
  const ids = Array.from({ length: 20_000 }, (_, at) => `'agent-${at}'`).join(',');
  expect(matches(`id IN (${ids},'web-01-id')`)).toBe(true);
});

test('hostile rows and patterns take bounded time', () => {
  const long = 'a'.repeat(65_536);
  const tags = { long };
  const startedMs = performance.now();
  expect(matches(`tags->>'long' LIKE '${'%a'.repeat(500)}%b'`, { tags })).toBe(false);
  expect(matches(`tags->>'long' ILIKE '${'%a_'.repeat(330)}%b'`, { tags })).toBe(false);
  expect(matches(`tags->>'long' LIKE '%${'a'.repeat(1000)}b'`, { tags })).toBe(false);
  expect(matches(`${"tags->>'long'||".repeat(200)}'x' LIKE '%y'`, { tags })).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  // A pattern that the row itself supplies, beyond what is matched.
  expect(matches(`name LIKE tags->>'long'`, { tags })).toBe(false);
});

test('a row beyond every limit does not match and does not throw', () => {
  const tags = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`${at}`, 'x'.repeat(1000)]));
  expect(matches("tags->>'1' IS NOT NULL", { tags })).toBe(false);
  expect(matches("name = 'web-01.example.net'", { tags })).toBe(true);
  expect(matches('starttime < now()', { starttime: 'yesterday' })).toBe(false);
  expect(matches("name = 'it''s'", { name: "it's" })).toBe(true);
});

test.each(['all', 'local', 'web-01', 'web-01.example.net', 'user@host', '10.0.0.1'])('%s is a name', (text) => {
  expect(isCondition(text)).toBe(false);
});

test('one condition judges many rows', () => {
  using condition = compileTarget("tags->>'env'='prod'");
  const judged = ['prod', 'test', 'prod'].map((env) => condition.matches({ ...row, tags: { env } }));
  expect(judged).toEqual([true, false, true]);
});

test('any text ends in a condition or in TARGET_INVALID', () => {
  const pieces = [
    "'",
    '"',
    '(',
    ')',
    ' ',
    'name',
    'OR',
    '=',
    '->>',
    '#>>',
    '1',
    ';',
    '--',
    'IN',
    'BETWEEN',
    'NOT',
    ',',
    'now',
    'x',
    'INTERVAL',
    '::',
    '.',
    'agents',
    '\u0001',
    'CASE',
    'é',
    'tags',
    "'a'",
  ];
  let seed = 7;
  const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
  for (let run = 0; run < 600; run++) {
    const text = Array.from({ length: 1 + (next() % 9) }, () => pieces[next() % pieces.length]).join(
      run % 2 ? ' ' : '',
    );
    try {
      using condition = compileTarget(text);
      condition.matches(row);
    } catch (error) {
      expect(error).toMatchObject({ code: 'TARGET_INVALID' });
    }
  }
});
