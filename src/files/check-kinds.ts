/** The kinds of condition, as `mismatch` and the output name them, in the order in which hits of a match-any search are listed. */
export const checkKinds = ['content', 'name', 'size', 'mode', 'mtime', 'md5', 'sha1', 'sha2', 'sha3'] as const;
export type CheckKind = (typeof checkKinds)[number];
