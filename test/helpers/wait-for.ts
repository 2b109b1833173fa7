/** Waits until the condition holds, looking every few milliseconds; fails with the description after the limit. */
export async function waitFor<Value>(
  what: string,
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  limitMs = 10_000,
): Promise<Value> {
  const until = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > until) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The same for what the kernel and real programs do on a host that may be busy: nothing but a failure takes as long. */
export function waitLong<Value>(
  what: string,
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  return waitFor(what, condition, 120_000);
}
