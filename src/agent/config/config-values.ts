/** The kinds of values in the agent's configuration: what each expects, in words, and how it is read. */
import { z } from 'zod';
import { parseDuration } from '../../base/go-format.ts';
import { hasHidden } from '../../base/visible.ts';

/** What stands in the example file and in `-S` about a key. */
export interface KeyText {
  /** One sentence or two: what it does. */
  readonly summary: string;
  /** As it stands in the example file: YAML. */
  readonly example: string;
}

/** A value that `parse` understands. What it gives undefined for is refused with `expected`. */
function value<T>(expected: string, parse: (given: unknown) => T | undefined, text: KeyText) {
  return z
    .unknown()
    .transform((given, context): T => {
      const parsed = parse(given);
      if (parsed !== undefined) return parsed;
      context.addIssue({ code: 'custom', message: `expected ${expected}` });
      return z.NEVER;
    })
    .optional()
    .meta({ ...text });
}

/** Milliseconds, from a text in Go's spelling. */
export function duration(text: KeyText, { minMs, maxMs }: { readonly minMs: number; readonly maxMs: number }) {
  const expected = `a duration from ${shortDuration(minMs)} to ${shortDuration(maxMs)} as "${text.example}"`;
  return value(
    expected,
    (given) => {
      const ms = typeof given === 'string' ? parseDuration(given) : undefined;
      return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
    },
    text,
  );
}

function shortDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

const mib = 1024 * 1024;

/** Bytes: 512MiB, 64M, 1GiB, or their number. */
export function size(text: KeyText, { minBytes, maxBytes }: { readonly minBytes: number; readonly maxBytes: number }) {
  const short = (bytes: number): string => (bytes % mib === 0 ? `${bytes / mib}MiB` : `${bytes / 1024}KiB`);
  return value(
    `a size from ${short(minBytes)} to ${short(maxBytes)} as ${text.example}`,
    (given) => {
      const bytes = typeof given === 'number' ? given : typeof given === 'string' ? parseSize(given) : undefined;
      return bytes !== undefined && Number.isInteger(bytes) && bytes >= minBytes && bytes <= maxBytes
        ? bytes
        : undefined;
    },
    text,
  );
}

const sizeUnits = { '': 1, k: 1024, m: mib, g: 1024 * mib } as const;

/** Bytes from "512MiB", "64M", "1.5g"; undefined for anything else. Units are powers of 1024, as in MIG. */
export function parseSize(typed: string): number | undefined {
  const found = /^(\d{1,12}(?:\.\d{1,6})?)\s*([kmg]?)(?:i?b)?$/i.exec(typed.trim());
  if (!found) return undefined;
  return Number(found[1]) * sizeUnits[(found[2] ?? '').toLowerCase() as keyof typeof sizeUnits];
}

export function count(text: KeyText, { min, max }: { readonly min: number; readonly max: number }) {
  return value(
    `a number from ${min} to ${max}`,
    (given) =>
      typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max ? given : undefined,
    text,
  );
}

export function yesNo(text: KeyText) {
  return value('true or false', (given) => (typeof given === 'boolean' ? given : undefined), text);
}

export function oneOf<const T extends string>(words: readonly T[], text: KeyText) {
  return value(words.join(' or '), (given) => words.find((word) => word === given), text);
}

/** An absolute path without anything hidden in it. */
export function path(text: KeyText) {
  return value(
    `an absolute path as ${text.example}`,
    (given) =>
      typeof given === 'string' && given.startsWith('/') && given.length <= 4096 && !hasHidden(given)
        ? given
        : undefined,
    text,
  );
}

/** A line of plain text. */
export function line(text: KeyText, { maxLength }: { readonly maxLength: number }) {
  return value(
    `a text of 1 to ${maxLength} characters on one line`,
    (given) =>
      typeof given === 'string' && given.trim() !== '' && given.length <= maxLength && !hasHidden(given)
        ? given
        : undefined,
    text,
  );
}

/** Anything, to be looked at later. */
export function later(text: KeyText) {
  return z
    .unknown()
    .optional()
    .meta({ ...text });
}
