import { messageOf } from '../../base/app-error.ts';

/** Where the compiled rules of a YARA engine matched, in the words of the package @litko/yara-x. */
export interface EngineMatch {
  readonly ruleIdentifier: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly matches: readonly { readonly identifier: string; readonly offset: number; readonly length: number }[];
}

export interface CompiledRules {
  readonly scan: (bytes: Buffer) => readonly EngineMatch[];
  readonly scanFile: (path: string) => readonly EngineMatch[];
  readonly getWarnings: () => readonly { readonly message: string }[];
  readonly setMaxMatchesPerPattern: (max: number) => void;
}

export interface CompilerOptions {
  /** The engine guesses the type from the text. */
  readonly defineVariables: Readonly<Record<string, string>>;
  readonly enableIncludes: boolean;
  /** Regular expressions as libyara takes them: an escape that means nothing is the character itself. */
  readonly relaxedReSyntax: boolean;
}

/** What of the package is used. Its functions throw errors of its own. */
export interface YaraEngine {
  readonly compile: (rules: string, options: CompilerOptions) => CompiledRules;
  readonly validate: (
    rules: string,
    options: CompilerOptions,
  ) => { readonly errors: readonly { readonly message: string }[] };
}

/** The package of the YARA engine. It is optional: npm has native code of it for Linux (x64, glibc) and macOS only. */
export const enginePackage = '@litko/yara-x';

/** The engine, or the reason why it cannot be had. */
export async function loadEngine(name: string): Promise<YaraEngine | string> {
  try {
    const loaded = (await import(name)) as Partial<YaraEngine> & { readonly default?: YaraEngine };
    const engine = loaded.compile ? loaded : loaded.default;
    return engine?.compile ? (engine as YaraEngine) : `the package ${name} has no compile function`;
  } catch (error) {
    return (messageOf(error).split('\n', 1)[0] ?? '').slice(0, 300);
  }
}
