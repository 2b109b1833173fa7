import type { Host } from './host.ts';

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The path of a program as a PATH of root finds it; the name itself when none of its folders has it. */
export function findProgram({ files }: Host, program: string): string {
  if (program.includes('/')) return program;
  return folders.map((folder) => `${folder}/${program}`).find((path) => files.stat(path)?.isFile()) ?? program;
}
