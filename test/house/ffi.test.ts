import { expect, test } from 'vitest';
import { readSourceFiles } from './source-files.ts';

const files = readSourceFiles();
const where = (found: (file: (typeof files)[number]) => boolean): readonly string[] =>
  files.filter(found).map(({ path }) => path);
/** The one file that binds functions of the C library. */
const place = 'src/native/open-library.ts';

test('node:ffi is named in one file alone, be it imported, required or its types: another library of that kind could take its place there', () => {
  expect(where(({ text }) => /['"`](node:ffi|ffi|koffi|ffi-napi)['"`]/.test(text))).toEqual([place]);
});

test('who reads Linux, monitors, keeps lineage or is a module calls no function of a library: native does it for them', () => {
  const importers = where(({ imports }) => imports.includes(place));
  expect(importers.filter((path) => path.startsWith('src/native/')).length).toBeGreaterThan(5);
  expect(importers.filter((path) => /^(modules|src\/(linux|monitor|lineage))\//.test(path))).toEqual([]);
});

test('of the monitor only the thread that reads, and its part, know the socket', () => {
  const importers = where(
    ({ path, imports }) =>
      path.startsWith('src/monitor/') && imports.some((target) => target.startsWith('src/native/')),
  );
  expect(importers.filter((path) => !path.startsWith('src/monitor/stream/'))).toEqual([]);
});
