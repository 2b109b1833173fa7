/** Variables that rules use and do not define, as an investigator types them: "limit=1000". */

export type External = { readonly name: string; readonly value: string | number | boolean };

export function parseExternal(typed: string): External | { readonly problem: string } {
  const [, name, value = ''] = /^([A-Za-z_][A-Za-z0-9_]{0,127})=([^\0]*)$/.exec(typed) ?? [];
  if (name === undefined)
    return { problem: `expected NAME=VALUE such as limit=1000, got ${JSON.stringify(typed.slice(0, 100))}` };
  // The types are those that the engine will guess: it takes texts only, True for true and +05 for 5.
  if (/^(true|false)$/i.test(value)) return { name, value: value.toLowerCase() === 'true' };
  if (!/^[+-]?\d+$/.test(value)) return { name, value };
  const whole = Number(value);
  if (Number.isSafeInteger(whole)) return { name, value: whole };
  return { problem: `expected a whole number between -2^53 and 2^53, got ${value.slice(0, 100)}` };
}

/** From texts that were checked; of a name given twice the last value holds. */
export function readExternals(typed: readonly string[] = []): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    typed.flatMap((one): [string, string | number | boolean][] => {
      const parsed = parseExternal(one);
      return 'problem' in parsed ? [] : [[parsed.name, parsed.value]];
    }),
  );
}
