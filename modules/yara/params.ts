import { z } from 'zod';
import { messageOf, ModuleError } from '../../src/base/app-error.ts';
import { asObject } from '../../src/base/as-object.ts';
import { fileSearch, type FileSearch } from '../../src/files/file-search.ts';
import type { Field } from '../../src/module/fields.ts';
import { number, text, textList } from '../../src/module/fields.ts';
import { parseParams } from '../../src/module/flags.ts';
import { flatParams, type Item, type ParamsOf, type Params as ParamsOfModule } from '../../src/module/params.ts';
import { parseExternal } from './externals.ts';
import { splitCommandLine } from './split-command-line.ts';

export const defaultMaxMebibytes = 256;
export const defaultTimeoutSeconds = 10;

/** Conditions of `file` that a search for files to scan has as well; of the flags only the limit of matches means something else here. */
const searchParams = adaptFields(flatParams(fileSearch));

const schema = z.object({
  yara: text({
    flag: 'yara',
    description: 'the YARA rules themselves; include is refused',
    example: 'rule root { strings: $a = "root:" condition: $a }',
    required: true,
    fromFile: { flag: 'rules', description: 'the YARA rules in this file of your host, at most 8 MiB' },
    check: checkRules,
  }),
  filesearch: text({
    flag: 'files',
    description: "which files, as one text with the flags of the file module (MIG's form of the flags below)",
    example: '-path /etc -name ^passwd$',
    check: checkFileSearch,
  }),
  externals: textList({
    flag: 'external',
    description: 'a variable of the rules and its value: true, false, a whole number, anything else is a text',
    example: 'limit=1000',
    check: checkExternal,
  }),
  maxsize: number({
    flag: 'maxsize',
    description: 'leave larger files out; how many is told. 0 = no limit',
    unit: 'MiB',
    example: '256',
    initial: defaultMaxMebibytes,
    absent: `absent = ${defaultMaxMebibytes}`,
    max: 2 ** 33,
  }),
  timeout: number({
    flag: 'timeout',
    description: 'end the scan of a file after this long; the file is named, the others are scanned',
    unit: 'seconds',
    example: '10',
    initial: defaultTimeoutSeconds,
    absent: `absent = ${defaultTimeoutSeconds}`,
    min: 0.1,
    max: 3600,
    fraction: true,
  }),
  search: fileSearch
    .nullish()
    .transform((value) => value ?? undefined)
    .optional(),
});

/** The rules that are missing: MIG's words for it. */
const checked = schema.superRefine(({ yara }, context) => {
  if (yara === undefined)
    context.addIssue({ code: 'custom', path: ['yara'], message: 'yara rules are a required option' });
});

const adapted = adaptFields(flatParams(checked));

/**
 * MIG's yara parameters {yara, filesearch}, and externals, limits and `search`, which are not in MIG. Without files to scan they are taken from the wire; flags and
 * questions refuse them.
 */
export const params = {
  ...adapted,
  fromItems: (items: ReadonlyMap<string, Item>): unknown => {
    const parameters = adapted.fromItems(items);
    const { search, filesearch } = asObject(parameters) ?? {};
    if (search === undefined && filesearch === undefined)
      throw new ModuleError(
        'PARAMETERS_INVALID',
        'expected the files to scan, got none: give a path, such as -path /srv, or files',
      );
    return parameters;
  },
};

export type Params = ParamsOf<typeof params>;

/** The searches of parameters, by label, as src/files takes them. Both forms may be given. */
export function searchesOf({ search, filesearch }: Params): Readonly<Record<string, FileSearch>> {
  return {
    ...(search ? { search } : {}),
    ...(filesearch === undefined ? {} : { filesearch: parseFileSearch(filesearch) }),
  };
}

/**
 * The fields as they are meant here: a path is not required, since there are two ways to say which files, and nothing ends a search silently after 1000 files.
 * A search that is only what flags and questions fill in is none.
 */
function adaptFields<P>(base: ParamsOfModule<P>): ParamsOfModule<P> {
  const fields = base.fields.map((field): Field => {
    if (field.flag === 'path') return { ...field, required: false };
    if (field.flag !== 'matchlimit') return field;
    const { initial: _none, ...rest } = field;
    return { ...rest, description: 'take no more than this many files; that there are more is told', unit: 'files' };
  });
  return {
    ...base,
    fields,
    fromItems: (items: ReadonlyMap<string, Item>): unknown => {
      const item = items.get('') ?? {};
      const { search, ...rest } = item;
      const given = Object.keys(asObject(search) ?? {}).some((key) => key !== 'options');
      return given ? item : rest;
    },
  };
}

function parseFileSearch(line: string): FileSearch {
  const words = splitCommandLine(line);
  if ('problem' in words) throw new Error(words.problem);
  return fileSearch.parse(parseParams(searchParams, words));
}

function checkFileSearch(line: string): string | undefined {
  try {
    parseFileSearch(line);
    return undefined;
  } catch (error) {
    return `expected flags of the file module, got ${JSON.stringify(line.slice(0, 100))}: ${messageOf(error)}`;
  }
}

function checkRules(rules: string): string | undefined {
  return rules.trim() === '' ? 'yara rules are a required option' : undefined;
}

function checkExternal(typed: string): string | undefined {
  const parsed = parseExternal(typed);
  return 'problem' in parsed ? parsed.problem : undefined;
}
