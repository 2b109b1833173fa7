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
