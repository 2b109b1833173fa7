import { expect, test } from 'vitest';
import type { AgentInfo } from '../../../src/protocol/agent-info.ts';
import type { ModuleEvent } from '../../../src/protocol/frame.ts';
import { agentInfo, createFakeLink } from '../../helpers/fake-link.ts';
import { createTestConsole } from '../../helpers/test-console.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const daemon: AgentInfo = {
  ...agentInfo('web-01'),
  mode: 'daemon',
  persistent: [{ name: 'fswatch', phase: 'healthy', pid: 812, restarts: 0 }],
};

function event(kind: ModuleEvent['kind'], text: string, module = 'fswatch'): ModuleEvent {
  return { module, at: '2026-11-21T10:00:00Z', kind, text };
}

test('what a module tells is shown until it is interrupted', async () => {
  const link = createFakeLink('local', { agent: daemon });
  const { program, printed } = createTestConsole({ links: [link] });
  await program.ready;
  const watching = program.line('watch fswatch');
  await waitFor('the watch', () => link.asked.includes('watch fswatch'));
  link.event(event('log', 'baseline has 12 files'));
  link.event(event('state', 'healthy'));
  link.event(event('alert', '{"severity":"high","alert":"/etc/passwd changed"}'));
  link.event(event('data', '{"path":"/etc/\\u001b[2J"}'));
  link.event(event('log', 'of another', 'audit'));
  program.interrupt();
  await watching;
  expect(printed).toEqual([
    'watching fswatch on web-01: Ctrl-C ends it',
    '2026-11-21T10:00:00Z  web-01  log  baseline has 12 files',
    '2026-11-21T10:00:00Z  web-01  state  healthy',
    '2026-11-21T10:00:00Z  web-01  alert  high: /etc/passwd changed',
    "2026-11-21T10:00:00Z  web-01  path='/etc/\x1b[2J'",
  ]);
  expect(link.asked.at(-1)).toBe('unwatch fswatch');
  await program.close();
});

test('a module that does not work is watched, and why nothing will be heard of it is said', async () => {
  const reason = 'it ended with status 1: the kernel refuses it';
  const info: AgentInfo = {
    ...daemon,
    persistent: [
      { name: 'lineage', phase: 'disabled', restarts: 0 },
      { name: 'process', phase: 'waiting', restarts: 2, lastFailure: { at: '2026-11-21T10:00:00Z', reason } },
    ],
  };
  const link = createFakeLink('local', { agent: info });
  const { program, printed } = createTestConsole({ links: [link] });
  await program.ready;
  for (const module of ['lineage', 'process']) {
    const watching = program.line(`watch ${module}`);
    await waitFor('the watch', () => link.asked.includes(`watch ${module}`));
    program.interrupt();
    await watching;
  }
  expect(printed).toEqual([
    'watching lineage on web-01: Ctrl-C ends it',
    'web-01: its lineage is not enabled: "persistent: {lineage: {enabled: true}}" in its configuration (/etc/gumshoe/agent.yaml) and "gumshoe-agent -q restart"; it knows what happens from then on',
    'watching process on web-01: Ctrl-C ends it',
    `web-01: its process does not work now (waiting: ${reason})`,
  ]);
  await program.close();
});

test('events are lines of JSON for programs, and a flood is counted', async () => {
  const link = createFakeLink('local', { agent: daemon });
  const { program, printed, errors } = createTestConsole({ links: [link] });
  await program.ready;
  const watching = program.line('watch fswatch --format jsonl');
  await waitFor('the watch', () => link.asked.includes('watch fswatch'));
  for (let n = 0; n < 700; n++) link.event(event('data', `{"n":${n}}`));
  program.interrupt();
  await watching;
  expect(printed).toHaveLength(500);
  expect(JSON.parse(printed[7] ?? '')).toEqual({
    agent: 'web-01',
    module: 'fswatch',
    at: '2026-11-21T10:00:00Z',
    kind: 'data',
    data: { n: 7 },
  });
  expect(errors).toContain('200 more events came too fast to be shown');
  await program.close();
});

test('only the lines that were asked for are shown, in either format', async () => {
  const link = createFakeLink('local', { agent: daemon });
  const { program, printed } = createTestConsole({ links: [link] });
  await program.ready;
  const watching = program.line('watch fswatch local --format jsonl | grep n.:1 | grep -v 19');
  await waitFor('the watch', () => link.asked.includes('watch fswatch'));
  for (let n = 0; n < 200; n++) link.event(event('data', `{"n":${n}}`));
  program.interrupt();
  await watching;
  expect(printed.map((text) => JSON.parse(text).data.n)).toEqual([
    1,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    ...Array.from({ length: 90 }, (_, at) => 100 + at).filter((n) => n !== 119),
  ]);
  await program.close();
});

test('what is watched is narrowed by grep alone, as it has no end', async () => {
  const link = createFakeLink('local', { agent: daemon });
  const { program, type, errors } = createTestConsole({ links: [link] });
  await program.ready;
  await type('watch fswatch | count', 'watch fswatch all --format | grep x');
  expect(errors.filter((_, at) => at % 2 === 0)).toEqual([
    'expected grep behind |, as what is watched has no end, got count',
    'format: expected a value, got the end of the line',
  ]);
  await program.close();
});

test('a link that breaks is said, and is watched again when it is back', async () => {
  const link = createFakeLink('far', { agent: daemon });
  const { program, printed } = createTestConsole({ links: [link] });
  await program.ready;
  const watching = program.line('watch fswatch');
  await waitFor('the watch', () => link.asked.includes('watch fswatch'));
  link.lose('cable');
  await link.open();
  program.interrupt();
  await watching;
  expect(printed).toContain('far: its link broke (cable); what happens meanwhile is not seen here');
  expect(printed).toContain('far: its link is open: watching goes on');
  expect(link.asked.filter((asked) => asked === 'watch fswatch')).toHaveLength(2);
  await program.close();
});

test('a module that nobody keeps is refused with those that are kept', async () => {
  const link = createFakeLink('local', { agent: daemon });
  const { program, type, errors } = createTestConsole({ links: [link] });
  await program.ready;
  await type('watch fswtach');
  expect(errors[0]).toBe('no agent of the target keeps a persistent module "fswtach" running: expected one of fswatch');
  await type("watch fswatch tags->>'x'='y'");
  expect(errors[2]).toContain('expected one of fswatch');
  await program.close();
});
