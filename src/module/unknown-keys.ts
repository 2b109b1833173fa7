import { asObject } from '../base/as-object.ts';
import { nearest } from '../base/nearest.ts';
import type { Params } from './params.ts';

/** However many there are: a hostile message may hold a million. */
const mostSaid = 5;

/**
 * What is said of keys that a module does not know. They are ignored, as in MIG, but a condition that was misspelt is one that does not narrow anything,
 * and nobody would see it in the results.
 */
export function describeUnknownKeys(params: Params<unknown>, parameters: unknown): readonly string[] {
  const paths = params.fields.map(({ path }) => path);
  const unknown =
    params.shape === 'flat'
      ? findUnknown(parameters, paths, '')
      : [
          ...findUnknown(parameters, [['searches']], ''),
          ...[...params.toItems(parameters)].flatMap(([label, item]) => findUnknown(item, paths, `searches.${label}.`)),
        ];
  const said = unknown.slice(0, mostSaid).map(({ place, key, known }) => {
    const near = nearest(key, known);
    const hint = near ? `did you mean ${near}?` : `expected one of ${known.join(', ')}`;
    return `warning: the key ${JSON.stringify(`${place}${key}`.slice(0, 100))} is not known and was ignored: ${hint}`;
  });
  if (unknown.length > mostSaid) said.push(`warning: ${unknown.length - mostSaid} more keys were ignored`);
  return said;
}

interface UnknownKey {
  /** Where it stands: "searches.s1." */
  readonly place: string;
  readonly key: string;
  /** What may stand there. */
  readonly known: readonly string[];
}

function findUnknown(value: unknown, paths: readonly (readonly string[])[], place: string): readonly UnknownKey[] {
  const object = asObject(value);
  if (!object) return [];
  const known = [...new Set(paths.flatMap(([first]) => (first === undefined ? [] : [first])))];
  return Object.entries(object).flatMap(([key, inner]): readonly UnknownKey[] => {
    const below = paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
    if (below.length === 0) return inner === null ? [] : [{ place, key, known }];
    // A value of its own shape: its keys are its own affair.
    if (below.some((rest) => rest.length === 0)) return [];
    return findUnknown(inner, below, `${place}${key}.`);
  });
}
