/** A document as a text, before anything is known about what it says. */
import { messageOf } from '../../src/base/app-error.ts';
import { findJsonError } from './find-json-error.ts';

/** Larger texts are no documents: thousands of tests take one or two megabytes. */
const mostCharacters = 16 * 1024 * 1024;
/** MIG's: less cannot say anything. */
const fewestCharacters = 10;

/** A text that is no document; the message says where and why. */
export class DocumentTextError extends Error {}

/** Throws DocumentTextError. */
export function checkLength(text: string): void {
  if (text.length < fewestCharacters || text.length > mostCharacters) {
    const range = `${fewestCharacters} to ${mostCharacters} characters`;
    throw new DocumentTextError(`expected a document of ${range}, got ${text.length}`);
  }
}

/** MIG's rule: what begins with { or [ is JSON, anything else YAML. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** Plain data from JSON. Throws DocumentTextError with the place. */
export function parseJson(text: string): unknown {
  checkLength(text);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DocumentTextError(describeJsonError(text) ?? `expected JSON: ${messageOf(error)}`);
  }
}

/** "expected JSON with a value, got the end of the text (line 2, column 7)". */
function describeJsonError(text: string): string | undefined {
  const error = findJsonError(text);
  if (error === undefined) return undefined;
  const { offset, expected } = error;
  const before = text.slice(0, offset);
  const place = `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`;
  const [next] = text.slice(offset, offset + 2);
  const got = next === undefined ? 'the end of the text' : JSON.stringify(next);
  return `expected JSON with ${expected}, got ${got} (${place})`;
}
