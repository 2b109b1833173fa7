/** A document as a text, before anything is known about what it says. */

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
    throw new DocumentTextError(`expected JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
