import { isIP } from 'node:net';
import { z } from 'zod';
import { textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';

/** MIG's example parameters: {"gethostname": bool, "getaddresses": bool, "lookuphost": [name]}. */
export const params = flatParams(
  z.object({
    gethostname: yesNo({
      flag: 'gethostname',
      description: 'tell the name of the host',
      example: 'true',
    }),
    getaddresses: yesNo({
      flag: 'getaddresses',
      description: 'tell the addresses of the host, loopback left out',
      example: 'true',
    }),
    lookuphost: textList({
      flag: 'lookuphost',
      description: 'resolve this name on the endpoint',
      example: 'www.example.net',
      check: checkHostName,
    }),
  }),
);

export type Params = ParamsOf<typeof params>;

/** A DNS name (RFC 1123 labels) of at most 253 characters. */
function checkHostName(name: string): string | undefined {
  const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;
  const isName =
    name.length <= 253 &&
    isIP(name) === 0 &&
    name
      .replace(/\.$/, '')
      .split('.')
      .every((part) => label.test(part));
  return isName ? undefined : `expected a host name such as www.example.net, got ${JSON.stringify(name)}`;
}
