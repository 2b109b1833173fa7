import { readdirSync } from 'node:fs';

/** The process ids of a /proc folder, lowest first. Throws what reading the folder throws (errno). */
export function readProcessIds(procFolder: string): readonly number[] {
  return readdirSync(procFolder)
    .filter((name) => /^[1-9]\d{0,9}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
