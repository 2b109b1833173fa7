/** A fingerprint as people have it: "SHA256:Inqm...", "MD5:4c:57:...", with or without the word in front, or what `ssh-keygen -l` prints around it. */

/** What is wrong with the text; undefined when nothing is. */
export function checkFingerprint(text: string): string | undefined {
  return parseFingerprint(text) === undefined
    ? `expected a fingerprint like SHA256:<43 characters of base64> or MD5:<16 bytes in hexadecimal, colons between them>, got ${JSON.stringify(text.slice(0, 100))}`
    : undefined;
}

/** "SHA256:..." or "4c:57:...", as results have them. */
export function parseFingerprint(text: string): string | undefined {
  const bare = text.trim();
  const md5 = /^(?:MD5:)?((?:[0-9a-f]{2}:){15}[0-9a-f]{2})$/i.exec(bare)?.[1];
  if (md5 !== undefined) return md5.toLowerCase();
  const sha256 = /^(?:SHA256:)?([A-Za-z0-9+/]{43})=?$/.exec(bare)?.[1];
  return sha256 === undefined ? undefined : `SHA256:${sha256}`;
}
