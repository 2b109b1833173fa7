import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, KeyItem, ServerSetting, Statistics } from './elements.ts';

/**
 * Masks who people are and where they are: comments, owners, accounts, names in certificates, options' values, hosts, the folders of homes in paths, and
 * errors, which name paths. Fingerprints, kinds, strengths, modes and times stay.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return {
    ...result,
    elements: elements && {
      ...elements,
      keys: elements.keys?.map(maskItem) ?? null,
      ...(elements.server ? { server: elements.server.map(maskSetting) } : {}),
    },
    errors: errors?.map(() => masked) ?? null,
  };
}

function maskItem(item: KeyItem): KeyItem {
  const { certificate, publicfile } = item;
  return {
    ...item,
    path: maskPath(item.path),
    ...(item.owner === undefined ? {} : { owner: masked }),
    ...(item.comment === undefined ? {} : { comment: masked }),
    ...(item.application === undefined ? {} : { application: masked }),
    ...(item.options ? { options: item.options.map(maskValue) } : {}),
    ...(item.hosts ? { hosts: item.hosts.map(() => masked) } : {}),
    ...(item.logins
      ? {
          logins: item.logins.map(({ accepted }) => ({ account: masked, accepted })),
        }
      : {}),
    ...(publicfile
      ? {
          publicfile: {
            ...publicfile,
            path: maskPath(publicfile.path),
            ...(publicfile.comment === undefined ? {} : { comment: masked }),
          },
        }
      : {}),
    ...(certificate
      ? {
          certificate: {
            ...certificate,
            keyid: masked,
            principals: certificate.principals.map(() => masked),
            criticaloptions: certificate.criticaloptions.map(maskValue),
            extensions: certificate.extensions.map(maskValue),
          },
        }
      : {}),
  };
}

function maskSetting(setting: ServerSetting): ServerSetting {
  return { ...setting, value: masked, ...(setting.match === undefined ? {} : { match: masked }) };
}

/** `from=10.0.0.1` keeps its name. */
function maskValue(option: string): string {
  const at = option.indexOf('=');
  return at < 0 ? option : `${option.slice(0, at)}=${masked}`;
}

/** Folders of the system and the names that ssh gives are kept; every other part of a path may name somebody. */
function maskPath(path: string): string {
  const known =
    /^(root|home|Users|etc|ssh|var|lib|opt|srv|usr|tmp|\.ssh|authorized_keys2?|known_hosts2?|id_[a-z0-9_]+(\.pub)?|ssh_host_[a-z0-9_]+(\.pub)?)$/;
  return path
    .split('/')
    .map((part) => (part === '' || known.test(part) ? part : masked))
    .join('/');
}
