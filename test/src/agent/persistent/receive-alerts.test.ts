import { expect, test } from 'vitest';
import { type AlertReceipt, createAlertReceiver } from '../../../../src/agent/persistent/receive-alerts.ts';
import { silentLog } from '../../../../src/base/log.ts';
import { systemClock } from '../../../../src/base/clock.ts';
import { openAlertSpool } from '../../../../src/agent/persistent/open-alert-spool.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

function open(folder: string) {
  const alerts = openAlertSpool({ path: `${folder}/alerts.db`, clock: systemClock, log: silentLog });
  const receipts: AlertReceipt[] = [];
  const receiver = createAlertReceiver({ module: 'm', alerts, send: (receipt) => receipts.push(receipt) });
  return { alerts, receipts, receiver };
}

test('one receipt for all that came at once; what was stored before is not stored again, and answered', async () => {
  using folder = createTemporaryFolder();
  const { alerts, receipts, receiver } = open(folder.path);
  expect([receiver.take(7, 'a'), receiver.take(8, 'b'), receiver.take(9, 'c')]).toEqual([true, true, true]);
  expect(receipts).toEqual([]);
  await waitFor('the receipt', () => receipts.length > 0);
  expect(receipts).toEqual([{ from: 7, n: 9 }]);
  expect([receiver.take(8, 'b'), receiver.take(9, 'c'), receiver.take(10, 'd')]).toEqual([false, false, true]);
  await waitFor('the receipt', () => receipts.length > 1);
  expect(receipts[1]).toEqual({ from: 8, n: 10 });
  expect(alerts.read(0, 10).map(({ message }) => message)).toEqual(['a', 'b', 'c', 'd']);
  alerts.close();
});

test('an alert that is told and not stored is answered as that, and those before and behind it as stored', async () => {
  const receipts: AlertReceipt[] = [];
  const outcomes = ['kept', 'told', 'told', 'kept'] as const;
  const receiver = createAlertReceiver({
    module: 'm',
    alerts: { addOnce: (_, key: number) => outcomes[key - 1] ?? 'had' },
    send: (receipt) => receipts.push(receipt),
  });
  for (const key of [1, 2, 3, 4]) receiver.take(key, 'x');
  await waitFor('the receipts', () => receipts.length === 3);
  expect(receipts).toEqual([
    { from: 1, n: 1 },
    { from: 2, n: 3, unkept: true },
    { from: 4, n: 4 },
  ]);
});

test('nothing is said to a process that is gone', async () => {
  using folder = createTemporaryFolder();
  const { alerts, receipts, receiver } = open(folder.path);
  receiver.take(1, 'a');
  receiver.stop();
  receiver.take(5, 'b');
  await waitFor('a receipt', () => receipts.length > 0);
  expect(receipts).toEqual([{ from: 5, n: 5 }]);
  alerts.close();
});
