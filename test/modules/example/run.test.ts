import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { run, type Elements } from '../../../modules/example/run.ts';
import { createRunContext } from '../../helpers/run-context.ts';

test('it tells the name of the host when asked', async () => {
  expect(await run({ gethostname: true }, createRunContext())).toEqual({
    foundAnything: true,
    elements: { hostname: hostname() },
    statistics: { stufffound: 1 },
    errors: [],
  });
});

test('addresses come with their prefix length, loopback left out', async () => {
  const { elements } = await run({ getaddresses: true }, createRunContext());
  expect(elements.addresses?.filter((address) => !/^[0-9a-f.:]+\/\d+$/.test(address))).toEqual([]);
  expect(elements.addresses).not.toContain('127.0.0.1/8');
});

test('nothing asked is nothing found', async () => {
  expect(await run({}, createRunContext())).toEqual({
    foundAnything: false,
    elements: {},
    statistics: { stufffound: 0 },
    errors: [],
  });
});

test('a name is looked up and told as it is found', async () => {
  const context = createRunContext<Elements>();
  const { foundAnything, elements, statistics } = await run({ lookuphost: ['localhost'] }, context);
  expect(foundAnything).toBe(true);
  expect(statistics).toEqual({ stufffound: 0 });
  expect(elements.lookeduphost?.['localhost']?.some((address) => address === '127.0.0.1' || address === '::1')).toBe(
    true,
  );
  expect(context.hits).toEqual([elements]);
});

test('a name that does not resolve is an error beside the other findings', async () => {
  const { foundAnything, elements, errors } = await run(
    { lookuphost: ['does-not-exist.invalid', 'localhost'] },
    createRunContext(),
  );
  expect(foundAnything).toBe(true);
  expect(Object.keys(elements.lookeduphost ?? {})).toEqual(['localhost']);
  expect(errors).toEqual([expect.stringMatching(/^does-not-exist\.invalid: /)]);
});

test('after a stop no name is looked up, and what was found before is kept', async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await run({ gethostname: true, lookuphost: ['localhost'] }, createRunContext<Elements>(stop.signal))).toEqual({
    foundAnything: true,
    elements: { hostname: hostname() },
    statistics: { stufffound: 1 },
    errors: ['stopped before localhost was looked up'],
  });
});

test('a stop does not wait for an answer that is still to come', async () => {
  const stop = new AbortController();
  const running = run({ lookuphost: ['localhost', 'b.invalid'] }, createRunContext<Elements>(stop.signal));
  stop.abort();
  expect((await running).errors).toEqual([
    'localhost: stopped while it was being looked up',
    'stopped before b.invalid was looked up',
  ]);
});
