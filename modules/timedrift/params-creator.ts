import type { Ask } from '../../src/module/ask.ts';
import { checkDrift, defaultTimeoutSeconds, params, type Params } from './params.ts';
import { checkServerName } from './server-name.ts';

/** One question for the local time alone, three kinds for a comparison. */
export async function paramsCreator(ask: Ask, previous?: Params): Promise<Params> {
  const drift = await ask.text({
    message: 'How far may the local time be off? (empty = only tell the local time)',
    hint: 'a duration such as 5s, 250ms or 1m30s',
    initial: previous?.drift ?? '',
    check: checkDrift,
  });
  if (drift === '') return { drift };
  const servers: string[] = [];
  for (;;) {
    const server = await ask.text({
      message:
        servers.length === 0
          ? "An NTP server to ask (empty = the endpoint's own, or else public ones)"
          : 'Another NTP server (empty = no more)',
      hint: 'for example time.example.net, 192.0.2.7:123 or [2001:db8::1]:123',
      initial: previous?.servers?.[servers.length] ?? '',
      check: (typed) => (typed === '' ? undefined : checkServerName(typed)),
    });
    if (server === '') break;
    servers.push(server);
  }
  const timeout = await ask.number({
    message: 'How many seconds may the servers take?',
    hint: 'up to 300, fractions too; example: 2.5',
    initial: previous?.timeout || defaultTimeoutSeconds,
    check: params.fields.find(({ word }) => word === 'timeout')?.check,
  });
  return { drift, ...(servers.length === 0 ? {} : { servers }), timeout };
}
