import { z } from 'zod';
import { number, textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { keyTypes } from './elements.ts';
import { checkFingerprint } from './fingerprint-query.ts';

/** MIG's sshkey parameters, and filters that MIG has not. */
export const params = flatParams(
  z.object({
    paths: textList({
      flag: 'path',
      description: 'a file or folder of the endpoint to search',
      example: '/home/alice/.ssh',
      absent: 'without any: /root, /home, the homes of all accounts, /etc/ssh and the files that sshd_config names',
      complete: 'path',
      check: checkPath,
    }),
    maxdepth: number({
      flag: 'maxdepth',
      description: 'how deep to go; 1 = only the files directly in a path',
      unit: 'levels of folders',
      example: '3',
      max: 1000,
      initial: 8,
      absent: 'a message without it, or with 0, means 8',
    }),
    fingerprints: textList({
      flag: 'fingerprint',
      description: 'only keys with this fingerprint, SHA256 or MD5: where a known key lies and what it opens',
      example: 'SHA256:Inqm2j8yCfuEKIGBZY8M1i0U0atAH/9u1WAXHle4Qe0',
      check: checkFingerprint,
    }),
    types: textList({
      flag: 'type',
      description: `only keys of this type, and only files that may hold some: ${keyTypes.join(', ')}`,
      example: 'authorizedkeys',
      complete: keyTypes,
      check: checkType,
    }),
    weak: yesNo({
      flag: 'weak',
      description: 'only keys that are weak, badly kept or not encrypted',
      example: 'true',
      absent: 'a message without it means all keys',
    }),
    knownhosts: yesNo({
      flag: 'knownhosts',
      description: 'read known_hosts files too; -type knownhost does as well',
      example: 'true',
      absent: 'a message without it means false',
    }),
  }),
);

export type Params = ParamsOf<typeof params>;

function checkPath(path: string): string | undefined {
  return path.startsWith('/') && !path.includes('\0')
    ? undefined
    : `expected a path from the root of the file system, got ${JSON.stringify(path.slice(0, 100))}`;
}

function checkType(type: string): string | undefined {
  return (keyTypes as readonly string[]).includes(type)
    ? undefined
    : `expected one of ${keyTypes.join(', ')}, got ${JSON.stringify(type.slice(0, 100))}`;
}
