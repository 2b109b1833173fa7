/**
 * Joins fragments of elements as a module streams them: objects key by key, lists one behind the other, anything else by the newer value. It knows no
 * module: what was streamed before a crash becomes a result by this alone.
 */
export function mergeFragments(before: unknown, fragment: unknown): unknown {
  if (before === undefined || before === null) return fragment;
  if (Array.isArray(before) && Array.isArray(fragment)) return [...before, ...fragment];
  if (isObject(before) && isObject(fragment)) {
    const merged = new Map(Object.entries(before));
    for (const [key, value] of Object.entries(fragment)) merged.set(key, mergeFragments(merged.get(key), value));
    return Object.fromEntries(merged);
  }
  return fragment;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
