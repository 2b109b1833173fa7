/**
 * Joins fragments of elements as a module streams them: objects key by key, lists one behind the other, anything else by the newer value. It knows no
 * module: what was streamed before a crash becomes a result by this alone. Adding costs what the fragment holds, however much was collected before.
 */
export interface Fragments {
  readonly add: (fragment: unknown) => void;
  /** All that was added, undefined when nothing was. The collector goes on with the same value: take it when nothing else is added. */
  readonly value: () => unknown;
}

export function collectFragments(): Fragments {
  let collected: unknown;
  return {
    add: (fragment) => {
      collected = merge(collected, fragment);
    },
    value: () => collected,
  };
}

/** `before` is the collector's own and may be changed; `fragment` is somebody else's and is copied where it would be. */
function merge(before: unknown, fragment: unknown): unknown {
  if (Array.isArray(fragment)) {
    if (!Array.isArray(before)) return [...fragment];
    for (const value of fragment) before.push(value);
    return before;
  }
  if (!isObject(fragment)) return fragment;
  const own = isObject(before) ? before : {};
  for (const [key, value] of Object.entries(fragment)) {
    // defineProperty, because a key may be __proto__.
    Object.defineProperty(own, key, {
      value: merge(Object.hasOwn(own, key) ? own[key] : undefined, value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return own;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
