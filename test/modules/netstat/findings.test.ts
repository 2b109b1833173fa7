import { expect, test } from 'vitest';
import { createFindings } from '../../../modules/netstat/findings.ts';

const progress = { examined: () => {}, hit: () => {} };

test('beyond 100000 items of a query are counted, not kept', () => {
  const findings = createFindings({ connectedip: ['0.0.0.0/0', '::/0'] }, progress);
  for (let at = 0; at < 100_002; at++) findings.add('connectedip', '0.0.0.0/0', { localport: 1 });
  const { elements, totalHits, cuts } = findings.summary();
  expect(elements.connectedip?.['0.0.0.0/0']).toHaveLength(100_000);
  expect(elements.connectedip?.['::/0']).toBeNull();
  expect(totalHits).toBe(100_002);
  expect(cuts).toEqual(['connectedip 0.0.0.0/0: 100002 found, the first 100000 are listed']);
});

test('a query named like a property of objects is a query', () => {
  const findings = createFindings({ localmac: ['__proto__', 'constructor'] }, progress);
  findings.add('localmac', '__proto__', { localmacaddr: '02:00:00:00:00:01' });
  expect(JSON.stringify(findings.summary().elements)).toBe(
    '{"localmac":{"__proto__":[{"localmacaddr":"02:00:00:00:00:01"}],"constructor":null}}',
  );
});
