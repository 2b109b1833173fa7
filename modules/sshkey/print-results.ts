import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { CertificateFacts, Elements, KeyItem, Login, ServerSetting, Statistics } from './elements.ts';

/** MIG's lines; what MIG does not tell follows behind them. */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const keys = elements?.keys ?? [];
  const lines = keys.map((item) => line(describeItem(item), 'hit'));
  if (matchOnly) return lines;
  for (const setting of elements?.server ?? []) lines.push(line(describeSetting(setting), 'quiet'));
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) {
    const { examined, candidates, keys: count, unreadable, exectime } = statistics;
    const text = `Statistics: ${examined} files checked, ${count} keys in ${candidates} of them, ${unreadable} could not be read, ran in ${exectime}.`;
    lines.push(line(text, 'quiet'));
  }
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return (elements?.keys ?? []).map((item) => ({
    path: item.path,
    line: item.line ?? null,
    type: item.type,
    algorithm: item.algorithm ?? '',
    bits: item.bits ?? null,
    encrypted: item.type === 'private' ? item.encrypted : null,
    fingerprint_sha256: item.fingerprint_sha256 || (item.publicfile?.fingerprint_sha256 ?? ''),
    fingerprint_md5: item.fingerprint_md5 || (item.publicfile?.fingerprint_md5 ?? ''),
    comment: item.comment ?? item.certificate?.keyid ?? '',
    opens: (item.logins ?? [])
      .filter(({ accepted }) => accepted)
      .map(({ account }) => account)
      .join(', '),
    refused: (item.logins ?? [])
      .filter(({ accepted }) => !accepted)
      .map(({ account }) => account)
      .join(', '),
    options: (item.options ?? []).join(' '),
    weaknesses: (item.weaknesses ?? []).join('; '),
    notes: (item.notes ?? []).join('; '),
    owner: item.owner ?? '',
    mode: item.mode ?? '',
    lastmodified: item.lastmodified ?? '',
  }));
}

function describeItem(item: KeyItem): string {
  const encrypted = item.type === 'private' ? ` encrypted=${item.encrypted}` : '';
  const md5 = item.fingerprint_md5 || 'unknown';
  const sha256 = item.fingerprint_sha256 || 'unknown';
  return `${item.path} [${item.type}]${encrypted} md5fp=${md5} sha256fp=${sha256}${describeFacts(item)}`;
}

function describeFacts(item: KeyItem): string {
  const { publicfile, certificate } = item;
  return [
    describeKind(item),
    ...(item.line === undefined || (item.line === 1 && !isOfList(item)) ? [] : [`line ${item.line}`]),
    ...(item.cipher === undefined ? [] : [`cipher ${item.cipher}`, `kdf ${item.kdf ?? 'unknown'}`]),
    ...(item.comment === undefined ? [] : [`comment '${item.comment}'`]),
    ...(item.application === undefined ? [] : [`application '${item.application}'`]),
    ...(item.marker === undefined ? [] : [`marked ${item.marker}`]),
    ...(item.hosts ? [`of host ${item.hosts.join(',')}`] : []),
    ...(certificate ? [describeCertificate(certificate)] : []),
    ...(item.owner === undefined ? [] : [`owner ${item.owner}`]),
    ...(item.mode === undefined ? [] : [`mode ${item.mode}`]),
    ...(publicfile ? [`according to ${publicfile.path} sha256fp=${publicfile.fingerprint_sha256}`] : []),
    ...(item.options ? [`options ${item.options.map((option) => `'${option}'`).join(' ')}`] : []),
    ...(item.logins ?? []).map(describeLogin),
    ...(item.weaknesses ?? []).map((weakness) => `WEAK: ${weakness}`),
    ...(item.notes ?? []).map((note) => `note: ${note}`),
  ]
    .filter((fact) => fact !== '')
    .map((fact) => `, ${fact}`)
    .join('')
    .replace(/^,/, '');
}

/** Of files that hold a key on each line the first line is told too. */
function isOfList({ type }: KeyItem): boolean {
  return type === 'authorizedkeys' || type === 'knownhost' || type === 'trustedca';
}

function describeKind({ algorithm, bits, format }: KeyItem): string {
  return [algorithm, bits === undefined ? undefined : `${bits} bits`, format && `in ${format} format`]
    .filter((word) => word !== undefined)
    .join(' ');
}

function describeLogin({ account, accepted, refusals, notes }: Login): string {
  const remarks = notes ? ` (${notes.join('; ')})` : '';
  return accepted ? `opens ${account}${remarks}` : `does not open ${account}: ${(refusals ?? []).join('; ')}${remarks}`;
}

function describeCertificate(certificate: CertificateFacts): string {
  const { kind, keyid, serial, principals, validafter, validbefore, authority, criticaloptions } = certificate;
  return [
    `${kind} certificate '${keyid}' serial ${serial} for ${principals.length === 0 ? 'any principal' : principals.join(',')}`,
    `valid from ${validafter} to ${validbefore}`,
    `signed by ${authority || 'an unknown key'}`,
    ...criticaloptions.map((option) => `with ${option}`),
  ].join(' ');
}

function describeSetting({ file, line, keyword, value, match }: ServerSetting): string {
  return `sshd: ${keyword} ${value}${match === undefined ? '' : ` (Match ${match})`} in ${file}:${line}`;
}
