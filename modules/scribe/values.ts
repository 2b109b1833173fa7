import type { PackageKind } from '../../src/linux/packages/compare-versions.ts';

/** Something that was found, and where. */
export interface Value {
  readonly identifier: string;
  readonly value: string;
  /** Of a package: whose rules its version follows. */
  readonly kind?: PackageKind;
}

/** What an object came to. */
export interface ObjectValues {
  readonly values: readonly Value[];
  /** Why there are no values, or none that can be trusted: every test of it is an error. */
  readonly error?: string | undefined;
  /** Why there may be more values: a test that none of these makes true is an error. */
  readonly partial?: string | undefined;
}
