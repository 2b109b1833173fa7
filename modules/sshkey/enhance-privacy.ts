import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, KeyItem, ServerSetting, Statistics } from './elements.ts';

/**
 * Masks who people are and where they are: comments, owners, accounts, names in certificates, options' values, hosts, the folders of homes in paths, and
 * errors, which name paths. A fingerprint tells whose key it is to everybody who has seen that key elsewhere: it is masked too, unless it was asked for,
 * because then it is known already. Kinds, strengths, modes and times stay.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  const asked = new Set(elements?.fingerprints);
  return {
    ...result,
    elements: elements && {
      ...elements,
      keys: elements.keys?.map((item) => maskItem(item, asked)) ?? null,
      ...(elements.server ? { server: elements.server.map(maskSetting) } : {}),
    },
    errors: errors?.map(() => masked) ?? null,
  };
}

function maskItem(item: KeyItem, asked: ReadonlySet<string>): KeyItem {
  const { certificate, publicfile } = item;
  return {
    ...item,
    ...maskFingerprints(item, asked),
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
            ...maskFingerprints(publicfile, asked),
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
            authority: maskFingerprint(certificate.authority, asked),
            principals: certificate.principals.map(() => masked),
            criticaloptions: certificate.criticaloptions.map(maskValue),
            extensions: certificate.extensions.map(maskValue),
          },
        }
      : {}),
  };
}

type Fingerprints = Pick<KeyItem, 'fingerprint_md5' | 'fingerprint_sha256'>;

/** Both are of one key: who asked for one of them may see the other. */
function maskFingerprints(of: Fingerprints, asked: ReadonlySet<string>): Fingerprints {
  const { fingerprint_md5, fingerprint_sha256 } = of;
  if (asked.has(fingerprint_md5) || asked.has(fingerprint_sha256)) return { fingerprint_md5, fingerprint_sha256 };
  return {
    fingerprint_md5: maskFingerprint(fingerprint_md5, asked),
    fingerprint_sha256: maskFingerprint(fingerprint_sha256, asked),
  };
}

/** An empty one says only that the file does not tell it. */
function maskFingerprint(fingerprint: string, asked: ReadonlySet<string>): string {
  return fingerprint === '' || asked.has(fingerprint) ? fingerprint : masked;
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
