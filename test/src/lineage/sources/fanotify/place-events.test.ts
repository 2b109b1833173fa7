import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fanotifyBits, type FanotifyEvent } from '../../../../../src/linux/fanotify/parse-events.ts';
import { createFolderCache } from '../../../../../src/lineage/sources/fanotify/folder-cache.ts';
import { createPathScope } from '../../../../../src/lineage/sources/fanotify/path-scope.ts';
import { type FolderLook, placeEvents } from '../../../../../src/lineage/sources/fanotify/place-events.ts';

const { create, delete: deleted, rename, isFolder } = fanotifyBits;

/** Directories are their own handles here: "w" is the first one, and so on. */
function event(mask: number, folder: string, name: string, more: Partial<FanotifyEvent> = {}): FanotifyEvent {
  return { mask, pid: 7, pidfd: undefined, place: { folder, name }, newPlace: undefined, object: undefined, ...more };
}
const move = (object: string, [from, name]: string[], [to, newName]: string[]): FanotifyEvent =>
  event(rename | isFolder, from ?? '', name ?? '', { object, newPlace: { folder: to ?? '', name: newName ?? '' } });

function place(
  now: Readonly<Record<string, string>>,
  events: readonly FanotifyEvent[],
  cache = createFolderCache(100),
) {
  const asked: string[] = [];
  const look = (key: string): FolderLook => {
    asked.push(key);
    const path = now[key];
    return path === undefined ? 'gone' : path === 'elsewhere' ? 'elsewhere' : { path };
  };
  const round = placeEvents(events, { look, cache, scope: createPathScope(['/w'], []) });
  return { ...round, asked, paths: round.places.map(({ path, newPath }) => (newPath ? `${path} > ${newPath}` : path)) };
}

describe('where events took place', () => {
  test('is where their directory lies', () => {
    const { paths, unnamed } = place({ w: '/w', d: '/w/d' }, [event(create, 'w', 'a'), event(create, 'd', 'b')]);
    expect(paths).toEqual(['/w/a', '/w/d/b']);
    expect(unnamed).toBe(0);
  });

  test('is of no use outside of what is looked at, and no loss', () => {
    const { paths, unnamed } = place({ x: '/x', y: 'elsewhere' }, [event(create, 'x', 'a'), event(create, 'y', 'a')]);
    expect(paths).toEqual([undefined, undefined]);
    expect(unnamed).toBe(0);
  });

  test('is asked once for each directory, and in the next round not again', () => {
    const cache = createFolderCache(100);
    const events = [event(create, 'w', 'a'), event(create, 'w', 'b'), event(create, 'x', 'b')];
    expect(place({ w: '/w', x: '/x' }, events, cache)).toMatchObject({ asked: ['w', 'x'], hasLooked: true });
    expect(place({}, events, cache)).toMatchObject({ asked: [], hasLooked: false, paths: ['/w/a', '/w/b', undefined] });
  });

  test('is asked anew once a directory was renamed', () => {
    const cache = createFolderCache(100);
    place({ d: '/w/d' }, [event(create, 'd', 'a')], cache);
    place({ w: '/w', d: '/w/e' }, [move('d', ['w', 'd'], ['w', 'e'])], cache);
    expect(place({ d: '/w/e' }, [event(create, 'd', 'a')], cache).paths).toEqual(['/w/e/a']);
  });

  test('of a directory that is gone is what its deletion said', () => {
    const events = [
      event(create, 'd', 'a'),
      event(create, 'e', 'a'),
      event(deleted | isFolder, 'd', 'e', { object: 'e' }),
      event(deleted | isFolder, 'w', 'd', { object: 'd' }),
    ];
    expect(place({ w: '/w' }, events).paths).toEqual(['/w/d/a', '/w/d/e/a', '/w/d/e', '/w/d']);
  });

  test('of a directory that was deleted in an earlier round is where it lay', () => {
    const cache = createFolderCache(100);
    const events = [
      event(deleted | isFolder, 'd', 'e', { object: 'e' }),
      event(deleted | isFolder, 'w', 'd', { object: 'd' }),
    ];
    place({ w: '/w' }, events, cache);
    cache.clear();
    expect(place({}, [event(fanotifyBits.closeWrite, 'e', 'open')], cache)).toMatchObject({
      paths: ['/w/d/e/open'],
      unnamed: 0,
    });
  });

  test('that nobody can say any more is counted', () => {
    expect(place({ w: '/w' }, [event(create, 'd', 'a'), event(create, 'w', 'a')])).toMatchObject({
      paths: [undefined, '/w/a'],
      unnamed: 1,
    });
  });

  test('is where the directory lay then, before it was renamed twice and deleted', () => {
    const events = [
      event(create, 'd', '1'),
      move('d', ['w', 'd'], ['w', 'e']),
      event(create, 'd', '2'),
      move('w/f', ['w', 'f'], ['w', 'g']),
      move('d', ['w', 'e'], ['f', 'x']),
      event(create, 'd', '3'),
      event(deleted | isFolder, 'f', 'x', { object: 'd' }),
    ];
    expect(place({ w: '/w', f: '/w/g' }, events).paths).toEqual([
      '/w/d/1',
      '/w/d > /w/e',
      '/w/e/2',
      '/w/f > /w/g',
      '/w/e > /w/g/x',
      '/w/g/x/3',
      '/w/g/x',
    ]);
  });

  test('of two directories that changed places is right before and after', () => {
    const events = [
      event(create, 'a', '1'),
      move('a', ['w', 'a'], ['w', 'b']),
      move('b', ['w', 'b'], ['w', 'a']),
      event(create, 'a', '2'),
      event(create, 'b', '3'),
    ];
    expect(place({ w: '/w', a: '/w/b', b: '/w/a' }, events).paths).toEqual([
      '/w/a/1',
      '/w/a > /w/b',
      '/w/b > /w/a',
      '/w/b/2',
      '/w/a/3',
    ]);
  });

  test('of a rename has both ends, though one lies elsewhere', () => {
    expect(place({ w: '/w', x: '/x' }, [move('d', ['x', 'd'], ['w', 'd'])]).paths).toEqual(['/x/d > /w/d']);
    expect(place({ w: '/w', x: '/x' }, [move('d', ['w', 'd'], ['x', 'd'])]).paths).toEqual(['/w/d > /x/d']);
  });

  test('is right for any sequence of creations, renames and deletions of nested directories', () => {
    const step = fc.record({ kind: fc.constantFrom('make', 'move', 'remove', 'touch'), a: fc.nat(20), b: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { events, expected, now } = play(steps);
        expect(place(now, events).paths).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

/** A small file system: what happened in it as events, where it happened, and where its directories are at the end. */
function play(steps: readonly { readonly kind: string; readonly a: number; readonly b: number }[]) {
  const parents = new Map<string, { above: string; name: string }>();
  const events: FanotifyEvent[] = [];
  const expected: string[] = [];
  const pathOf = (key: string): string => {
    const at = parents.get(key);
    return at ? `${pathOf(at.above)}/${at.name}` : '/w';
  };
  const isIn = (key: string, above: string): boolean => {
    const at = parents.get(key);
    return key === above || (at !== undefined && isIn(at.above, above));
  };
  for (const [serial, { kind, a, b }] of steps.entries()) {
    const keys = ['w', ...parents.keys()];
    const one = keys[a % keys.length] ?? 'w';
    const two = keys[b % keys.length] ?? 'w';
    const place = parents.get(one);
    const name = `n${serial}`;
    if (kind === 'touch' || (kind !== 'make' && !place)) {
      events.push(event(create, one, name));
      expected.push(`${pathOf(one)}/${name}`);
    } else if (kind === 'make') {
      parents.set(`d${serial}`, { above: one, name });
      events.push(event(create | isFolder, one, name, { object: `d${serial}` }));
      expected.push(`${pathOf(one)}/${name}`);
    } else if (place && kind === 'move' && !isIn(two, one)) {
      const from = pathOf(one);
      parents.set(one, { above: two, name });
      events.push(move(one, [place.above, place.name], [two, name]));
      expected.push(`${from} > ${pathOf(one)}`);
    } else if (place && kind === 'remove' && ![...parents.values()].some(({ above }) => above === one)) {
      expected.push(pathOf(one));
      parents.delete(one);
      events.push(event(deleted | isFolder, place.above, place.name, { object: one }));
    }
  }
  const now = Object.fromEntries(['w', ...parents.keys()].map((key) => [key, pathOf(key)]));
  return { events, expected, now };
}
