/** Flags whose value is a file of the investigator's host. The console reads it before the flags are parsed; nobody else may. */
import { messageOf, ModuleError } from '../base/app-error.ts';
import type { Field } from './fields.ts';
import { parseFlagWord } from './flags.ts';

/** Reads a text file of this host; throws an AppError that names it. */
export type ReadTextFile = (path: string) => Promise<string>;

/** True when some of the words name a file to be read. */
export function namesFile(fields: readonly Field[], words: readonly string[]): boolean {
  return splitFlags(fields, words).some((part) => typeof part === 'object');
}

/** The words with each such flag replaced by the flag of the value and what the file holds: parseParams takes them. Throws ModuleError FLAG_VALUE. */
export async function readFlagFiles(
  fields: readonly Field[],
  words: readonly string[],
  readTextFile: ReadTextFile,
): Promise<readonly string[]> {
  const read: string[] = [];
  for (const part of splitFlags(fields, words))
    read.push(typeof part === 'string' ? part : `-${part.field.flag}=${await readValue(part, readTextFile)}`);
  return read;
}

/** A flag whose value is a file. */
interface NamedFile {
  readonly field: Field;
  readonly path: string;
}

async function readValue({ field, path }: NamedFile, readTextFile: ReadTextFile): Promise<string> {
  const content = await readTextFile(path);
  const refuse = (problem: string, cause?: unknown): ModuleError =>
    new ModuleError('FLAG_VALUE', `-${field.fromFile?.flag} ${path}: ${problem}`, { cause });
  const convert = field.fromFile?.convert;
  if (convert) {
    try {
      return await convert(content);
    } catch (cause) {
      throw refuse(messageOf(cause), cause);
    }
  }
  const problem = checkContent(field, content);
  if (problem !== undefined) throw refuse(problem);
  return content;
}

/** What is wrong with what a file holds. */
export function checkContent(field: Field, content: string): string | undefined {
  return content.trim() === '' ? 'the file is empty' : field.check(content);
}

/** The words as they are, with a path and the flag that its content belongs to where a file is named. */
function splitFlags(fields: readonly Field[], words: readonly string[]): readonly (string | NamedFile)[] {
  const parts: ReturnType<typeof splitFlags>[number][] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const flag = parseFlagWord(word);
    const ofFile = fields.find(({ fromFile }) => fromFile !== undefined && fromFile.flag === flag?.name);
    const path = ofFile && (flag?.inline ?? words[at + 1]);
    if (ofFile && path !== undefined) {
      parts.push({ field: ofFile, path });
      if (flag?.inline === undefined) at++;
      continue;
    }
    parts.push(word);
    const field = fields.find((candidate) => candidate.flag === flag?.name);
    const value = words[at + 1];
    // A value may look like a flag.
    if (field && field.kind !== 'boolean' && flag?.inline === undefined && value !== undefined) {
      parts.push(value);
      at++;
    }
  }
  return parts;
}
