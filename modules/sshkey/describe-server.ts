import type { SshdSetting } from '../../src/linux/sshd/parse-sshd-config.ts';
import type { ServerSetting } from './elements.ts';

/** The keywords that decide about keys, as sshd_config(5) spells them. */
const keywords: ReadonlyMap<string, string> = new Map(
  [
    'AuthorizedKeysFile',
    'AuthorizedKeysCommand',
    'AuthorizedKeysCommandUser',
    'TrustedUserCAKeys',
    'AuthorizedPrincipalsFile',
    'AuthorizedPrincipalsCommand',
    'RevokedKeys',
    'PubkeyAuthentication',
    'PermitRootLogin',
    'StrictModes',
    'AllowUsers',
    'DenyUsers',
    'AllowGroups',
    'DenyGroups',
  ].map((keyword) => [keyword.toLowerCase(), keyword]),
);

const maxSettings = 500;
const maxValueLength = 512;

/** The settings that decide who may log in with a key, in their order. */
export function describeServer(settings: readonly SshdSetting[]): readonly ServerSetting[] {
  return settings
    .flatMap(({ keyword, values, file, line, match }): ServerSetting[] => {
      const spelled = keywords.get(keyword);
      if (spelled === undefined) return [];
      const value = values.join(' ').slice(0, maxValueLength);
      const block = match?.map(({ name, patterns }) => `${name} ${patterns}`.trim()).join(' ');
      return [
        {
          file,
          line,
          keyword: spelled,
          value,
          ...(block === undefined ? {} : { match: block.slice(0, maxValueLength) }),
        },
      ];
    })
    .slice(0, maxSettings);
}
