import { decodeText, emptyList, type Package, type PackageList } from './package.ts';
import { rpmTags, type RpmHeader } from './parse-rpm-header.ts';
import { readRpmHeaders } from './read-rpm-headers.ts';
import type { RootFolder } from './root-folder.ts';

/** What is installed according to rpm: everything that stands in its database, as `rpm -qa` lists it. */
export function readRpm(root: RootFolder): PackageList {
  const problems: string[] = [];
  const packages: Package[] = [];
  let nameless = 0;
  readRpmHeaders(root, problems, (header) => {
    const one = toPackage(header);
    if (one) packages.push(one);
    else nameless++;
  });
  if (nameless > 0) problems.push(`rpm: headers without name or version, left out: ${nameless}`);
  return { ...emptyList, packages, problems };
}

function toPackage(header: RpmHeader): Package | undefined {
  const name = header.text(rpmTags.name) ?? '';
  const version = rpmVersionOf(header);
  if (name === '' || version === '') return undefined;
  const [installed] = header.numbers(rpmTags.installTime);
  const source = sourceOf(header.text(rpmTags.sourceRpm) ?? '');
  return {
    kind: 'rpm',
    name: decodeText(name),
    version,
    // rpm's own word for none.
    arch: decodeText(header.text(rpmTags.arch) ?? '(none)'),
    ...(source === '' ? {} : { source: decodeText(source) }),
    ...(installed === undefined ? {} : { installedMs: installed * 1000 }),
  };
}

/** rpm's EVR: "1:1.1.1k-9.el8"; '' where there is no version. */
export function rpmVersionOf(header: RpmHeader): string {
  const [epoch] = header.numbers(rpmTags.epoch);
  const version = header.text(rpmTags.version) ?? '';
  const release = header.text(rpmTags.release);
  if (version === '') return '';
  return decodeText(`${epoch === undefined ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`);
}

/** "openssl" from "openssl-1.1.1k-9.el8.src.rpm". */
function sourceOf(sourceRpm: string): string {
  const end = sourceRpm.lastIndexOf('-', sourceRpm.lastIndexOf('-') - 1);
  return end > 0 ? sourceRpm.slice(0, end) : '';
}
