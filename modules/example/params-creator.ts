import type { Ask } from '../../src/module/ask.ts';
import { params, type Params } from './params.ts';

const [, , lookuphost] = params.fields;

/**
 * The questions for this module. Most modules need no file like this one: without it the questions are made from the schema. It is here to show how
 * to ask in an order of one's own.
 */
export async function paramsCreator(ask: Ask, previous?: Params): Promise<Params> {
  const told = await ask.many({
    message: 'What should the endpoint tell?',
    choices: [
      { name: 'hostname', hint: 'the name of the host' },
      { name: 'addresses', hint: 'its addresses' },
    ],
    initial: [
      ...(previous?.gethostname === false ? [] : ['hostname']),
      ...(previous?.getaddresses ? ['addresses'] : []),
    ],
  });
  const names: string[] = [];
  for (;;) {
    const name = await ask.text({
      message: 'A name to look up there (empty = no more)',
      hint: `for example ${lookuphost?.example}`,
      initial: previous?.lookuphost?.[names.length] ?? '',
      check: (typed) => (typed === '' ? undefined : lookuphost?.check(typed)),
    });
    if (name === '') break;
    names.push(name);
  }
  return {
    gethostname: told.includes('hostname'),
    getaddresses: told.includes('addresses'),
    ...(names.length === 0 ? {} : { lookuphost: names }),
  };
}
