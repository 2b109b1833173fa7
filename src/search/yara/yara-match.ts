/** A rule that matched. Everything but the offsets and lengths is text from the rules; what stands in the scanned bytes is left out. */
export interface YaraMatch {
  readonly rule: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string | number | boolean>>;
  /** Where its strings were found, the first maxStringsPerRule of them. */
  readonly strings: readonly YaraString[];
  /** How many more there were. */
  readonly stringsLeftOut: number;
}

/** One place where a string of a rule was found; offset and length in bytes. */
export interface YaraString {
  /** "$a"; "$" for a string without a name. */
  readonly identifier: string;
  readonly offset: number;
  readonly length: number;
}

export const maxStringsPerRule = 64;
export const maxRulesPerScan = 1000;
