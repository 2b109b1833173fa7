import { expect, test } from 'vitest';
import type { ChildSupply, SuppliedProcess } from '../../../../src/agent/child-supply.ts';
import { createSupplyOnDemand } from '../../../../src/agent/daemon/supply-on-demand.ts';
import { defaultLimits } from '../../../../src/agent/limits.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

test('a process stands ready while somebody may need it, and a while longer', async () => {
  const did: string[] = [];
  const create = (name: string): ChildSupply => ({
    take: () => {
      did.push(`${name} taken`);
      return {} as SuppliedProcess;
    },
    close: () => void did.push(`${name} closed`),
  });
  const supply = createSupplyOnDemand({
    cold: create('cold'),
    createWarm: () => {
      did.push('warm made');
      return create('warm');
    },
    restMs: 20,
  });
  supply.take('example', defaultLimits);
  supply.keepReady(true);
  supply.keepReady(true);
  supply.take('example', defaultLimits);
  supply.keepReady(false);
  supply.keepReady(true);
  supply.take('example', defaultLimits);
  supply.keepReady(false);
  await waitFor('the warm one to be closed', () => did.includes('warm closed'));
  supply.take('example', defaultLimits);
  supply.close();
  expect(did).toEqual([
    'cold taken',
    'warm made',
    'warm taken',
    'warm taken',
    'warm closed',
    'cold taken',
    'cold closed',
  ]);
});
