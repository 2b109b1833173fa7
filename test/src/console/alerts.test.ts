import { describe, expect, test } from 'vitest';
import { formatAlertMessage, type Alert } from '../../../src/protocol/alert.ts';
import { openMemoryStore } from '../../../src/store/open-store.ts';
import { agentInfo, createFakeLink } from '../../helpers/fake-link.ts';
import { createTestConsole } from '../../helpers/test-console.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');

function alert(n: number, values: Partial<Alert> = {}): Alert {
  return {
    n,
    module: 'fswatch',
    at: `2026-11-21T10:00:${String(n % 60).padStart(2, '0')}Z`,
    message: formatAlertMessage('high', `/etc/passwd changed ${n}`),
    ...values,
  };
}

describe('an alert', () => {
  test('is asked for at the opening of a link, kept, confirmed, told and counted', async () => {
    const link = createFakeLink('local');
    const { program, printed } = createTestConsole({ links: [link], width: 100 });
    await program.ready;
    expect(link.asked).toEqual(['alerts unreceived']);
    link.alert(alert(1));
    await waitFor('the line', () => printed.length > 0);
    expect(printed).toContain('alert 1: web-01 fswatch high: /etc/passwd changed 1');
    expect(program.snapshot().status).toContain('1 new alert');
    expect(link.asked).toEqual(['alerts unreceived', 'received 1']);
    await program.close();
  });

  test('that comes twice is confirmed twice and told once', async () => {
    const link = createFakeLink('local');
    const { program, printed } = createTestConsole({ links: [link], width: 100 });
    await program.ready;
    link.alert(alert(1));
    link.alert(alert(1));
    await waitFor('the line', () => printed.length > 0);
    expect(printed.filter((text) => text.startsWith('alert 1:'))).toHaveLength(1);
    expect(link.asked.slice(1)).toEqual(['received 1', 'received 1']);
    await program.close();
  });

  test('is asked for behind the last one that the case has', async () => {
    const store = openMemoryStore();
    const link = createFakeLink('local');
    const { program } = createTestConsole({ links: [link], store });
    await program.ready;
    link.alert(alert(41));
    link.lose('cable');
    await link.open();
    expect(link.asked).toEqual(['alerts unreceived', 'received 41', 'alerts 41']);
    await program.close();
  });

  test('is kept for whoever asks and not told between the lines of a script', async () => {
    const link = createFakeLink('local');
    const { program, printed, type } = createTestConsole({ links: [link] });
    await program.ready;
    link.alert(alert(1));
    expect(printed).toEqual([]);
    expect(await type('alerts')).toEqual([
      'id  at                    agent   module   severity  new  alert',
      '1   2026-11-21T10:00:01Z  web-01  fswatch  high      new  /etc/passwd changed 1',
    ]);
    await program.close();
  });

  test('of a flood with hostile text is told a few times a second, then as a number', async () => {
    const link = createFakeLink('local');
    let clock = nowMs;
    const { program, printed, type } = createTestConsole({ links: [link], width: 100, nowMs: () => clock });
    await program.ready;
    const message = '\u001b[2J\u202e'.repeat(12_000);
    for (let n = 1; n <= 2000; n++) link.alert(alert(n, { message }));
    await waitFor('all', () => program.state().alerts.held === 1997);
    expect(printed.filter((text) => text.startsWith('alert '))).toHaveLength(3);
    expect(Math.max(...printed.map(({ length }) => length))).toBeLessThan(600);
    clock += 1000;
    link.alert(alert(2001));
    await waitFor('the next second', () => program.state().alerts.held === 0);
    expect(printed.slice(-2)).toEqual([
      'and 1997 more alerts of web-01: "alerts new" lists them',
      'alert 2001: web-01 fswatch high: /etc/passwd changed 2001',
    ]);
    expect((await type('alerts new --limit 1')).at(-1)).toMatch(
      /^\d+ older ones were dropped: an agent's newest are kept$/,
    );
    await program.close();
  });
});

describe('alerts', () => {
  const start = async (): Promise<ReturnType<typeof createTestConsole>> => {
    const link = createFakeLink('local');
    const other = createFakeLink('db', { agent: agentInfo('db-01') });
    const console = createTestConsole({ links: [link, other], nowMs: () => nowMs });
    await console.program.ready;
    link.alert(alert(1));
    link.alert(alert(2, { message: formatAlertMessage('low', 'hm') }));
    other.alert(alert(1, { module: 'audit', message: 'no json' }));
    await waitFor('all', () => console.program.state().alerts.unacknowledged === 3);
    return console;
  };

  test('are chosen by agent, module, severity and news, and filtered', async () => {
    const { program, type } = await start();
    const ids = async (command: string): Promise<readonly string[]> =>
      (await type(command)).slice(1).map((text) => text.split(' ')[0] ?? '');
    expect(await ids('alerts')).toEqual(['3', '2', '1']);
    expect(await ids('alerts db')).toEqual(['3']);
    expect(await ids('alerts fswatch low')).toEqual(['2']);
    expect(await ids('alerts | grep passwd')).toEqual(['1']);
    expect(await type('alerts | count')).toEqual(['3']);
    expect(await type('alerts 2')).toContain('2 of 3: --limit N shows more');
    await program.close();
  });

  test('are acknowledged one by one and all at once', async () => {
    const { program, type, errors } = await start();
    expect(program.snapshot().status).toContain('3 new alerts');
    expect(await type('alerts ack 2')).toEqual(['1 alert acknowledged']);
    expect(program.snapshot().status).toContain('2 new alerts');
    expect(await type('alerts ack all')).toEqual(['2 alerts acknowledged']);
    expect(program.snapshot().status.join()).not.toContain('alert');
    expect(await type('alerts new')).toEqual(['no alert']);
    await type('alerts ack 9');
    expect(errors[0]).toBe('case default has no alert 9');
    await program.close();
  });

  test('are JSON for programs', async () => {
    const { program, type } = await start();
    const [first] = await type('alerts audit --format jsonl');
    expect(JSON.parse(first ?? '')).toEqual({
      id: 3,
      agent: 'id-db-01',
      name: 'db',
      n: 1,
      module: 'audit',
      at: '2026-11-21T10:00:01Z',
      severity: 'unknown',
      message: 'no json',
      received: '2026-11-21T12:00:00Z',
      acknowledged: null,
    });
    await program.close();
  });

  test('have details', async () => {
    const { program, type } = await start();
    expect(await type('alert 1')).toEqual([
      'alert 1 of web-01',
      'module        fswatch',
      'severity      high',
      'at            2026-11-21T10:00:01Z',
      'received      2026-11-21T12:00:00Z',
      'acknowledged  no',
      'agent         web-01 (id-web-01), its alert 1',
      'alert         /etc/passwd changed 1',
      '{',
      '  "severity": "high",',
      '  "alert": "/etc/passwd changed 1"',
      '}',
    ]);
    await program.close();
  });
});
