/** The values of all objects that the tests need: packages from one reading, files from one walk, imported objects from further ones. */
import { posix } from 'node:path';
import { cleanPath } from '../../src/files/clean-path.ts';
import { chainRoot, expandVariables, isChainOnly, type ScribeDocument, type ScribeObject } from './document.ts';
import type { FindPackages } from './find-packages.ts';
import { createPlace, keyOfPlace, type Place, type PlaceKind } from './place.ts';
import { createRoom, type Room } from './room.ts';
import type { ObjectValues, Value } from './values.ts';

/** How the work is done; a test brings its own. */
export interface Finders {
  /** Fills these places with the files that they are about. */
  readonly searchPlaces: (places: readonly Place[]) => Promise<void>;
  /** Called once, and only if there is a package object. */
  readonly openPackages: () => FindPackages;
}

/** The values of an object by its id. */
export type LookUp = (id: string) => ObjectValues;

/** An object as seen from a directory: that of the file that imports it, for objects that are looked at only there. */
interface View {
  readonly object: ScribeObject;
  readonly from: string | undefined;
}

/** Imported objects are looked at once for each directory they are imported from; more directories are a mistake. */
const mostViews = 20_000;

export async function collectValues(document: ScribeDocument, finders: Finders): Promise<LookUp> {
  const objects = firstById(document.objects ?? []);
  const room = createRoom();
  const places = createPlaces(document, room);
  const needed = reachable(document, objects);

  const seen = new Set<string>();
  const isNew = ({ object, from = '' }: View): boolean => {
    const before = seen.size;
    return seen.add(JSON.stringify([object.object, from])).size > before;
  };
  let views = needed.filter((object) => !isChainOnly(object)).map((object): View => ({ object, from: undefined }));
  while (views.length > 0) {
    await finders.searchPlaces(views.flatMap((view) => places.add(view) ?? []));
    views = views.flatMap((view) => importedBy(view, objects, places)).filter(isNew);
    if (seen.size > mostViews) break;
  }
  const packages = needed.some((object) => object.package) ? finders.openPackages() : undefined;
  return createLookUp({ objects, places, packages, room });
}

/** A name that several objects have means the first. */
function firstById(objects: readonly ScribeObject[]): ReadonlyMap<string, ScribeObject> {
  const byId = new Map<string, ScribeObject>();
  for (const object of objects) if (!byId.has(object.object)) byId.set(object.object, object);
  return byId;
}

/** The objects that some test needs, by itself or through imports. */
function reachable(document: ScribeDocument, objects: ReadonlyMap<string, ScribeObject>): readonly ScribeObject[] {
  const ids = new Set((document.tests ?? []).map(({ object }) => object));
  for (const id of ids) for (const imported of objects.get(id)?.filecontent?.['import-chain'] ?? []) ids.add(imported);
  return [...ids].map((id) => objects.get(id)).filter((object) => object !== undefined);
}

interface Places {
  /** The place of a view if it is one of files and new. */
  readonly add: (view: View) => Place | undefined;
  readonly of: (view: View) => Place | undefined;
}

function createPlaces({ variables = [] }: ScribeDocument, room: Room): Places {
  const places = new Map<string, Place>();
  const describe = ({ object, from }: View): { readonly key: string; readonly create: () => Place } | undefined => {
    const { filecontent, filename, hasline } = object;
    const source = filecontent ?? filename ?? hasline;
    if (source === undefined) return undefined;
    const kind: PlaceKind = filecontent ? 'content' : filename ? 'name' : 'line';
    const path = from === undefined ? source.path : source.path.replaceAll(chainRoot, () => from);
    const root = cleanPath(expandVariables(path, variables));
    // Of a filename the pattern stays as it is, as with MIG.
    const expanded = filename ? source : { ...source, file: expandVariables(source.file, variables) };
    return { key: keyOfPlace(kind, expanded, root), create: () => createPlace(kind, expanded, root, room) };
  };
  return {
    add: (view) => {
      const found = describe(view);
      if (found === undefined || places.has(found.key)) return undefined;
      const place = found.create();
      places.set(found.key, place);
      return place;
    },
    of: (view) => places.get(describe(view)?.key ?? ''),
  };
}

/** What the files of a view import, as seen from their directories. */
function importedBy(view: View, objects: ReadonlyMap<string, ScribeObject>, places: Places): readonly View[] {
  const chain = (view.object.filecontent?.['import-chain'] ?? [])
    .map((id) => objects.get(id))
    .filter((object) => object !== undefined && isChainOnly(object));
  if (chain.length === 0) return [];
  const directories = new Set((places.of(view)?.found ?? []).map(({ path }) => directoryOf(path)));
  return [...directories].flatMap((from) => chain.flatMap((object) => (object ? { object, from } : [])));
}

/** With a slash at its end, as documents expect it. */
function directoryOf(path: string): string {
  const directory = posix.dirname(path);
  return directory === '/' ? directory : `${directory}/`;
}

interface Known {
  readonly room: Room;
  readonly objects: ReadonlyMap<string, ScribeObject>;
  readonly places: Places;
  readonly packages: FindPackages | undefined;
}

function createLookUp({ objects, places, packages, room }: Known): LookUp {
  const byObject = new Map<ScribeObject, ObjectValues>();
  const valuesOf = (view: View): ObjectValues => {
    const known = view.from === undefined ? byObject.get(view.object) : undefined;
    if (known) return known;
    const values = computeValues(view);
    if (view.from === undefined) byObject.set(view.object, values);
    return values;
  };
  const computeValues = (view: View): ObjectValues => {
    const { object } = view;
    if (object.package) return packages?.(object.package) ?? { values: [] };
    if (object.raw) return { values: object.raw.identifiers };
    const place = places.of(view);
    if (place === undefined) return failed(`it is imported from more than ${mostViews} directories`);
    if (place.error !== undefined) return failed(place.error);
    const own = place.found.flatMap(({ path, values }) => values.map((value) => ({ identifier: path, value })));
    const { partial } = place;
    if (!object.filecontent) return { values: own, partial };
    const chained = object.filecontent['import-chain'] ? importValues(object, place) : { values: [] };
    if (chained.error !== undefined) return chained;
    const all = [...own, ...chained.values];
    const { concat } = object.filecontent;
    const values = concat === undefined ? all : joinByFile(all, concat);
    return { values, ...tellPartial(partial ?? chained.partial, concat !== undefined) };
  };
  const importValues = (object: ScribeObject, place: Place): ObjectValues => {
    const values: Value[] = [];
    let partial: string | undefined;
    for (const { path } of place.found) {
      for (const id of object.filecontent?.['import-chain'] ?? []) {
        const imported = objects.get(id);
        if (imported === undefined) continue;
        const from = isChainOnly(imported) ? directoryOf(path) : undefined;
        const found = valuesOf({ object: imported, from });
        if (found.error !== undefined) return failed(`what it imports failed ("${id}"): ${found.error}`);
        partial ??= found.partial;
        // Of an imported value only its place is new.
        if (!room.take(found.values.length, 0)) return failed('it imports more values than can be held: narrow it');
        for (const { value } of found.values) values.push({ identifier: path, value });
      }
    }
    return { values, partial };
  };
  return (id) => {
    const object = objects.get(id);
    if (object === undefined) return failed(`there is no object "${id}"`);
    if (isChainOnly(object)) return failed(`the object "${id}" is looked at only where another imports it`);
    return valuesOf({ object, from: undefined });
  };
}

function failed(error: string): ObjectValues {
  return { values: [], error };
}

/** A joined value that lacks a part is a wrong one. */
function tellPartial(partial: string | undefined, isJoined: boolean): Pick<ObjectValues, 'error' | 'partial'> {
  if (partial === undefined) return {};
  return isJoined ? { error: partial } : { partial };
}

/** One value a file, its values in their order with the text between them; empty ones in front of the first that is not leave no trace, as with MIG. */
function joinByFile(values: readonly Value[], between: string): readonly Value[] {
  const joined = new Map<string, string>();
  for (const { identifier, value } of values) {
    const before = joined.get(identifier) ?? '';
    joined.set(identifier, before === '' ? value : `${before}${between}${value}`);
  }
  return [...joined].map(([identifier, value]) => ({ identifier, value }));
}
