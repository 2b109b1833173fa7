/** A public key as it stands in a file of keys, without options and comment. */
export const keyText = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINXtObrGeVSejbBqwfqPtXniEyNKqqx0FHhzygGo0mp4';
