/** The mode of a file as Go's os.FileMode.String prints it, which MIG's mode patterns are written for. */

const fileType = 0o170000;

/** Letters of Go for the type; a character device has two. A regular file has none. */
const typeLetters: Readonly<Record<number, string>> = {
  0o040000: 'd',
  0o120000: 'L',
  0o060000: 'D',
  0o010000: 'p',
  0o140000: 'S',
  0o020000: 'Dc',
};
/** Go's order: device, pipe, socket, setuid, setgid, character device, sticky. */
const order = 'dLDpSugct';

/**
 * "-rw-r--r--", "drwxr-xr-x", "urwxr-xr-x" (setuid), "dtrwxrwxrwx", "Dcrw-rw-rw-". Special letters stand in front in place of the dash; the nine
 * permission letters never change.
 */
export function formatGoMode(mode: number): string {
  const letters = [
    typeLetters[mode & fileType] ?? '',
    (mode & 0o4000) === 0 ? '' : 'u',
    (mode & 0o2000) === 0 ? '' : 'g',
    (mode & 0o1000) === 0 ? '' : 't',
  ].join('');
  const special = [...order].filter((letter) => letters.includes(letter)).join('');
  const permissions = [...'rwxrwxrwx'].map((letter, at) => ((mode & (0o400 >> at)) === 0 ? '-' : letter)).join('');
  return `${special === '' ? '-' : special}${permissions}`;
}
