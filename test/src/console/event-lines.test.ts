import { describe, expect, test } from 'vitest';
import { createEventLines, formatEvent } from '../../../src/console/event-lines.ts';
import { renderPlain } from '../../../src/console/render-line.ts';
import { line } from '../../../src/module/line.ts';
import type { PrintEvent } from '../../../src/module/print.ts';
import type { ModuleEvent } from '../../../src/protocol/frame.ts';
import { formatLostEvents } from '../../../src/protocol/lost-events.ts';

const at = '2026-11-21T10:00:00Z';
const data = (value: unknown): ModuleEvent => ({ module: 'process', at, kind: 'data', text: JSON.stringify(value) });
const head = `${at}  web-01  `;

describe('an event', () => {
  test.each([
    [{ event: 'exec', pid: 12, args: ['make', '-j 2'] }, "exec pid=12 args='make -j 2'"],
    [{ event: 'exit', code: 0, signal: null, core: false }, 'exit code=0 core=false'],
    [{ text: 'two words', path: '/etc' }, 'two words path=/etc'],
    [{ nested: { a: [1] } }, 'nested={"a":[1]}'],
    ['bare text', "'bare text'"],
    [[1, 2], '[1,2]'],
    [null, 'null'],
  ])('of any module is shown as words and values: %j', (value, words) => {
    expect(formatEvent('web-01', data(value))).toEqual(line(head + words));
  });

  test('has the time that its module tells, where it is one', () => {
    const then = '2026-11-21T09:59:59.700Z';
    expect(formatEvent('web-01', data({ event: 'exec', at: then, pid: 7 })).text).toBe(`${then}  web-01  exec pid=7`);
    expect(formatEvent('web-01', data({ at: '\x1b[2J', pid: 7 })).text).toBe(`${head}at='\x1b[2J' pid=7`);
    const print: PrintEvent = () => line('ran');
    expect(formatEvent('web-01', data({ at: then }), print).text).toBe(`${then}  web-01  ran`);
  });

  test('has the tone of the severity that it names', () => {
    expect(formatEvent('web-01', data({ severity: 'high', event: 'gap' }))).toEqual(line(`${head}high: gap`, 'error'));
    expect(formatEvent('web-01', data({ severity: 'constructor' })).tone).toBe('plain');
  });

  test('is shown in the words of its module, or as any other where these break or are none', () => {
    const print: PrintEvent = (value) => {
      const { name } = value as { name: string | undefined };
      if (name === 'quiet') return undefined;
      return line(`ran ${name?.toUpperCase().toString()}`, name === undefined ? 'error' : 'good');
    };
    expect(formatEvent('web-01', data({ name: 'make' }), print)).toEqual(line(`${head}ran MAKE`, 'good'));
    expect(formatEvent('web-01', data({ name: 7 }), print)).toEqual(line(`${head}name=7`));
    expect(formatEvent('web-01', data(null), print)).toEqual(line(`${head}null`));
    expect(formatEvent('web-01', data({ name: 'quiet' }), print)).toEqual(line(`${head}name=quiet`));
    const noText = (() => ({ tone: 'plain', text: { x: 1 } })) as unknown as PrintEvent;
    expect(formatEvent('web-01', data({ name: 'x' }), noText)).toEqual(line(`${head}name=x`));
  });

  test('cannot move the cursor, forge a line or fill the screen', () => {
    const hostile = data({ event: 'exec', comm: 'a\x1b[2J\n2026-11-21T10:00:00Z  web-01  exit' });
    expect(renderPlain(formatEvent('web-01', hostile))).toBe(
      `${head}exec comm='a\\x1b[2J\\n2026-11-21T10:00:00Z  web-01  exit'`,
    );
    expect(formatEvent('web-01', data({ comm: 'x'.repeat(60_000) })).text.length).toBeLessThan(2100);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, n]));
    expect(formatEvent('web-01', data(many)).text).toMatch(/ k63=63 and 36 more$/);
  });
});

describe('a flood', () => {
  const printEvent: PrintEvent = (value) =>
    typeof value === 'object' ? line('gap: events are missing', 'error') : line(JSON.stringify(value));

  test('is cut to what a screen takes, but for gaps, and what was left out is counted', () => {
    const lines = createEventLines({ format: 'text', printEvent });
    for (let n = 0; n < 700; n++) lines.add('web-01', data(n));
    lines.add('web-01', data({}));
    lines.add('web-01', data(701));
    const taken = lines.take();
    expect(taken.lines).toHaveLength(501);
    expect(taken.lines.at(-1)).toEqual(line(`${head}gap: events are missing`, 'error'));
    expect(taken.missed).toBe(201);
    expect(lines.take()).toEqual({ lines: [], missed: 0 });
  });

  test('that the console read too slowly is told in plain sight, whichever lines are wanted', () => {
    const lines = createEventLines({ format: 'text', printEvent, matches: () => false });
    lines.add('web-01', { module: 'process', at, kind: 'log', text: formatLostEvents(12) });
    lines.add('web-01', { module: 'process', at, kind: 'log', text: `12 of them: ${formatLostEvents(12)}` });
    expect(lines.take().lines).toEqual([
      line(`${head}log  12 events were not told: this console read more slowly than they came`, 'warning'),
    ]);
  });

  test('of gaps is cut, too', () => {
    const lines = createEventLines({ format: 'jsonl', printEvent });
    for (let n = 0; n < 2000; n++) lines.add('web-01', data({ n }));
    expect(lines.take()).toMatchObject({ missed: 1500 });
  });

  test('is put in words once an event, also what no screen takes: it may be a gap', () => {
    let asked = 0;
    const lines = createEventLines({ format: 'text', matches: () => ++asked > 0 });
    for (let frame = 0; frame < 10; frame++) {
      for (let n = 0; n < 700; n++) lines.add('web-01', data({ event: 'exec', pid: n, args: ['cc', '-O2', 'x.c'] }));
      expect(lines.take().lines).toHaveLength(500);
    }
    expect(asked).toBe(7000);
  });

  test('that is filtered tells gaps all the same: what was wanted may be missing', () => {
    const lines = createEventLines({ format: 'text', printEvent, matches: (text) => text.endsWith('7') });
    for (const value of [6, 7, {}]) lines.add('web-01', data(value));
    lines.add('web-01', { module: 'process', at, kind: 'alert', text: '{"severity":"high","alert":"x"}' });
    expect(lines.take().lines.map(({ text }) => text.slice(head.length))).toEqual(['7', 'gap: events are missing']);
  });
});
