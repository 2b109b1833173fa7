/** Where the facts of a host are read; a test brings a tree of its own. */
export interface Host {
  readonly passwdFile: string;
  readonly groupFile: string;
  /** The folder of sshd_config and of the host's keys. */
  readonly sshFolder: string;
  /** Where homes usually are: searched whole, whether accounts have them or not. */
  readonly homeFolders: readonly string[];
}

export const systemHost: Host = {
  passwdFile: '/etc/passwd',
  groupFile: '/etc/group',
  sshFolder: '/etc/ssh',
  homeFolders: process.platform === 'darwin' ? ['/var/root', '/Users'] : ['/root', '/home'],
};
