import { expect, test } from 'vitest';
import { createRates } from '../../../modules/process/rates.ts';

function create() {
  const time = { ms: 5_000_000 };
  const rates = createRates({ nowMs: () => 0, monotonicMs: () => time.ms });
  const add = (times: number): void => {
    for (let count = 0; count < times; count++) rates.add('exec');
  };
  const exec = () => rates.read().find(({ event }) => event === 'exec');
  return { time, rates, add, exec };
}

test('rates are of full seconds: the last one, ten and sixty, or as many as there were', () => {
  const { time, rates, add, exec } = create();
  add(7);
  // The first second goes on.
  expect(exec()).toEqual({ event: 'exec', second: 0, ten: 0, minute: 0 });
  time.ms += 1000;
  expect(exec()).toEqual({ event: 'exec', second: 7, ten: 7, minute: 7 });
  add(3);
  time.ms += 1000;
  expect(exec()).toEqual({ event: 'exec', second: 3, ten: 5, minute: 5 });
  time.ms += 8000;
  expect(exec()).toEqual({ event: 'exec', second: 0, ten: 1, minute: 1 });
  time.ms += 50_000;
  expect(exec()).toEqual({ event: 'exec', second: 0, ten: 0, minute: 0.2 });
  expect(rates.read().map(({ event }) => event)).toEqual(['fork', 'exec', 'exit']);
});

test('what is older than a minute counts no more, after however long a silence', () => {
  const { time, add, exec } = create();
  add(60);
  time.ms += 60_000;
  expect(exec()?.minute).toBe(1);
  time.ms += 1000;
  expect(exec()?.minute).toBe(0);
  add(30);
  time.ms += 86_400_000;
  expect(exec()).toEqual({ event: 'exec', second: 0, ten: 0, minute: 0 });
  add(120);
  time.ms += 1000;
  expect(exec()).toEqual({ event: 'exec', second: 120, ten: 12, minute: 2 });
});
