/** A file that dpkg puts elsewhere: what other packages than `package` install at `from` is at `to` (dpkg-divert(1)). */
export interface Diversion {
  readonly from: string;
  readonly to: string;
  /** The package that diverts; ':' for the administrator, who then diverts it from every package. */
  readonly package: string;
}

/** The entries of dpkg's file of diversions: three lines each. An unfinished last one is left out. */
export function parseDiversions(text: string): readonly Diversion[] {
  const lines = text.split('\n');
  const diversions: Diversion[] = [];
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [from = '', to = '', owner = ''] = lines.slice(at, at + 3);
    if (from.startsWith('/') && to.startsWith('/') && owner !== '') diversions.push({ from, to, package: owner });
  }
  return diversions;
}
