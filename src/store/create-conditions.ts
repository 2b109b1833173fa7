/** The conditions of a query as they are put together from a filter: what is not asked for is left out. */
export interface Conditions {
  /** `term` holds one placeholder for the value. */
  readonly add: (term: string, value: string | number | undefined) => void;
  /** "WHERE a = ? AND b = ?", or nothing. */
  readonly clause: () => string;
  /** The values in the order of their placeholders. */
  readonly values: readonly (string | number)[];
}

export function createConditions(): Conditions {
  const terms: string[] = [];
  const values: (string | number)[] = [];
  return {
    add: (term, value) => {
      if (value === undefined) return;
      terms.push(term);
      values.push(value);
    },
    clause: () => (terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`),
    values,
  };
}
