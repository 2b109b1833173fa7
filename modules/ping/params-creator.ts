import type { Ask } from '../../src/module/ask.ts';
import type { Field } from '../../src/module/fields.ts';
import { protocols } from './elements.ts';
import { defaults, params, protocolOf, type Params } from './params.ts';

/** Six questions at most: where to, by which protocol, to which port, how often, with which patience, how fast. */
export async function paramsCreator(ask: Ask, previous?: Params): Promise<Params> {
  const destination = await ask.text({
    ...words('destination', 'Which host should the endpoint reach?'),
    initial: previous?.destination,
    check: fieldOf('destination').check,
  });
  const protocol = await ask.choose({
    message: 'By which protocol?',
    choices: protocols.map((name) => ({ name, hint: hints[name] })),
    initial: protocolOf(previous ?? {}),
  });
  const port =
    protocol === 'icmp'
      ? undefined
      : await askNumber(ask, 'port', 'Which port?', previous?.destinationport || defaults.port, checkPort);
  const count = await askNumber(ask, 'count', 'How many attempts?', previous?.count || defaults.count);
  const timeout = await askNumber(
    ask,
    'timeout',
    'How many seconds may an answer take?',
    previous?.timeout || defaults.timeoutSeconds,
  );
  const interval = await askNumber(
    ask,
    'interval',
    'How many seconds between two attempts?',
    previous?.interval ?? defaults.intervalSeconds,
  );
  return { destination, protocol, ...(port === undefined ? {} : { destinationport: port }), count, timeout, interval };
}

const hints = {
  icmp: 'echo request and reply',
  tcp: 'connect to a port and hang up',
  udp: 'send a datagram to a port; silence may mean open',
} as const;

function fieldOf(word: string): Field {
  const field = params.fields.find((candidate) => candidate.word === word);
  if (!field) throw new Error(`ping has no field ${word}`);
  return field;
}

function words(word: string, message: string): { readonly message: string; readonly hint: string } {
  const { description, example, unit } = fieldOf(word);
  return { message, hint: `${description}; example: ${example}${unit === undefined ? '' : ` (${unit})`}` };
}

function askNumber(
  ask: Ask,
  word: string,
  message: string,
  initial: number,
  check = fieldOf(word).check,
): Promise<number> {
  return ask.number({ ...words(word, message), initial, check });
}

function checkPort(typed: string): string | undefined {
  return /^\d{1,5}$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= 65_535
    ? undefined
    : `expected a port from 1 to 65535, got ${JSON.stringify(typed)}`;
}
