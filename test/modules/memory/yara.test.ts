import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { params } from '../../../modules/memory/params.ts';
import { run as runModule } from '../../../modules/memory/run.ts';
import type { Elements } from '../../../modules/memory/elements.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { startTarget } from './target.ts';

async function run(search: object) {
  const outcome = await runModule(
    validateParameters(params, { searches: { s1: search } }),
    createRunContext<Elements>(),
  );
  return { ...outcome, matches: outcome.elements['s1'] ?? [] };
}

/** A rule for a text that does not hold the text. */
function ruleFor(name: string, text: string): string {
  const bytes = Buffer.from(text).toString('hex');
  return `rule ${name} { strings: $a = { ${bytes} } condition: $a }`;
}

test('rules are found in memory, at the same addresses as bytes', async () => {
  const marker = `yara-${randomBytes(8).toString('hex')}`;
  using target = await startTarget(marker, { copies: 3, distance: 70_001 });
  const { matches, statistics } = await run({
    pids: [target.pid],
    bytes: [Buffer.from(marker).toString('hex')],
    yara: `${ruleFor('found', marker)} ${ruleFor('other', randomBytes(12).toString('hex'))}`,
    options: { matchall: true },
  });
  const [bytes, yara] = matches[0]?.found ?? [];
  expect(yara).toMatchObject({ check: 'yara', value: 'found', count: bytes?.count });
  expect(yara?.at).toEqual(bytes?.at.map((place) => ({ ...place, rule: 'found', string: '$a' })));
  expect(statistics.own).toContain(process.pid);
});

test('a match at the end of one part and the beginning of the next counts once', async () => {
  const marker = `yara-${randomBytes(8).toString('hex')}`;
  const copies = 5000;
  using target = await startTarget(marker, { copies });
  const { matches } = await run({
    pids: [target.pid],
    yara: `rule one { strings: $a = "${marker.slice(0, 4)}" ascii condition: #a > 10 } ${ruleFor('two', marker)}`,
    options: { maxaddresses: 1000 },
  });
  const addresses = matches[0]?.found?.[0]?.at.map(({ address, rule }) => `${rule} ${address}`) ?? [];
  expect(new Set(addresses).size).toBe(addresses.length);
});

test('rules that do not compile leave none of the others waiting', async () => {
  const searches = { s1: { yara: ruleFor('fine', 'x'.repeat(9)) }, s2: { yara: 'rule x { condition: nonsense }' } };
  const context = createRunContext<Elements>();
  await expect(runModule(validateParameters(params, { searches }), context)).rejects.toThrow(/nonsense/);
});

test('rules that do not compile end the run with the words of the compiler', async () => {
  await expect(run({ yara: 'rule x { condition: nonsense }' })).rejects.toThrow(/nonsense/);
});
