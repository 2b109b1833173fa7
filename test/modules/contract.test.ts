/** What every module of the list promises, whoever wrote it. A module that is added here needs no line of its own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modules } from '../../modules/index.ts';
import { messageOf } from '../../src/base/app-error.ts';
import { splitWords } from '../../src/console/words.ts';
import type { Module } from '../../src/module/define-module.ts';
import { flagNames, formatFlags, parseParams } from '../../src/module/flags.ts';
import { formatModuleHelp } from '../../src/module/help.ts';
import { validateParameters, withValue } from '../../src/module/params.ts';
import { runModule } from '../../src/module/run-module.ts';
import { checkResult, parseResult, type ModuleResult } from '../../src/protocol/result.ts';
import { startPersistentModule, type PersistentProcess } from '../helpers/persistent-module.ts';
import { createRunContext } from '../helpers/run-context.ts';

const root = join(import.meta.dirname, '../..');
const runsHere = (module: Module): boolean => (module.platforms as readonly string[]).includes(process.platform);
const wordsOf = (flags: string): readonly string[] => splitWords(flags).map(({ text }) => text);

/** Some modules look through a whole host where nothing else is said, and hosts are large. */
const wholeHostMs = 90_000;

const envelopeKeys = ['foundanything', 'success', 'elements', 'statistics', 'errors'];

function expectEnvelope(result: ModuleResult): void {
  expect(Object.keys(result)).toEqual(envelopeKeys);
  expect(parseResult(JSON.stringify(result))).toEqual(result);
  expect(checkResult(result)).toEqual(result);
}

describe.each(modules.map((module) => [module.name, module] as const))('%s', (name, module) => {
  const { fields, label } = module.params;
  // Of a persistent module: the process that its runs ask, with the configuration it has where none is given.
  let persistent: PersistentProcess | undefined;
  let isRefused = false;
  const answersHere = (): boolean => runsHere(module) && !isRefused;
  beforeAll(async () => {
    if (!module.persistent || !runsHere(module)) return;
    try {
      persistent = await startPersistentModule({ name });
    } catch (error) {
      // The kernel of a container may refuse what a module needs, which it says: its runs then say that it is not running.
      if (!messageOf(error).includes('the kernel refuses it')) throw error;
      isRefused = true;
    }
  });
  afterAll(() => persistent?.stop());
  const contextOf = (signal?: AbortSignal) => createRunContext(signal, persistent?.socket);

  describe('its card', () => {
    test('has the name of its folder and says in one sentence what it is for', async () => {
      expect(name).toMatch(/^[a-z][a-z0-9]*$/);
      expect(existsSync(join(root, 'modules', name, 'index.ts'))).toBe(true);
      const card = (await import(join(root, 'modules', name, 'index.ts'))) as Record<string, unknown>;
      expect(card[name]).toBe(module);
      expect(module.summary).toMatch(/^[A-Z].{20,}\.$/);
    });

    test('has, if it is persistent, a section in the configuration whose every key has a default', () => {
      const { config, configExample = '' } = module.persistent ?? {};
      const isTaken = (section: unknown): boolean | undefined => config?.safeParse(section).success;
      const asked = [isTaken({}), isTaken({ 'no such key': 1 }), isTaken(parse(configExample) ?? {})];
      expect(asked).toEqual(module.persistent ? [true, false, true] : [undefined, undefined, undefined]);
    });

    test('says where it runs, and what is lacking elsewhere', () => {
      expect(module.platforms.length).toBeGreaterThan(0);
      if (module.platforms.length < 3) expect(module.lacks).toMatch(/\w{3,}/);
    });

    test('has at least three examples, each with other flags and a summary', () => {
      expect(new Set(module.examples.map(({ flags }) => flags)).size).toBeGreaterThanOrEqual(3);
      expect(module.examples.filter(({ summary }) => summary.trim() === '')).toEqual([]);
    });
  });

  describe('its fields', () => {
    test('have flags and words of their own', () => {
      const flags = flagNames(fields);
      expect(flags.filter((flag) => !/^[A-Za-z][A-Za-z0-9-]*$/.test(flag))).toEqual([]);
      expect(new Set(flags).size).toBe(flags.length);
      const words = fields.map(({ word }) => word);
      expect(new Set(words).size).toBe(words.length);
    });

    test.each(fields.map((field) => [field.flag, field] as const))(
      '-%s is described by an example that is valid',
      (flag, field) => {
        expect(field.description.length).toBeGreaterThan(5);
        expect(field.check(field.example)).toBeUndefined();
        if (field.initial !== undefined) expect(field.check(String(field.initial))).toBeUndefined();
        const words = field.kind === 'boolean' ? [`-${flag}=${field.example}`] : [`-${flag}`, field.example];
        if (fields.some(({ required }) => required)) return;
        // A flag by itself may say too little to be of use, which is for the module to refuse; its value is valid.
        expect(() => parseParams(module.params, words)).not.toThrow(/^-|is not a flag|searches\./);
        const value = field.parse(field.example);
        const item = withValue({}, field, field.kind === 'list' ? [value] : value);
        expect(() =>
          validateParameters(module.params, label ? { searches: { [label.initial]: item } } : item),
        ).not.toThrow();
      },
    );

    test('are all on the page of help', () => {
      const page = formatModuleHelp(module).map(({ text }) => text);
      for (const flag of flagNames(fields)) expect(page.some((line) => line.startsWith(`  -${flag} `))).toBe(true);
    });
  });

  describe('its README', () => {
    test('names every flag', () => {
      const page = readFileSync(join(root, 'modules', name, 'README.md'), 'utf8');
      expect(flagNames(fields).filter((flag) => !new RegExp(`-${flag}(?![\\w-])`).test(page))).toEqual([]);
    });
  });

  describe('its parameters', () => {
    test('are refused with the name of the wrong key, as a failed envelope', async () => {
      const field = fields[0];
      if (!field) return;
      const wrong = field.path.toReversed().reduce<unknown>((value, key) => ({ [key]: value }), { wrong: 'type' });
      const parameters = label ? { searches: { [label.initial]: wrong } } : wrong;
      expect(() => validateParameters(module.params, parameters)).toThrow(
        expect.objectContaining({ code: 'PARAMETERS_INVALID' }),
      );
      const result = await runModule(module, parameters, contextOf());
      expectEnvelope(result);
      expect(result).toMatchObject({ foundanything: false, success: false });
      if (answersHere()) expect(result.errors?.join()).toContain(field.path.at(-1));
    });

    test.each([
      ['a text', 'x'],
      ['a list', []],
      ['a number', 7],
    ])('that are %s are refused as a failed envelope', async (_, parameters) => {
      const result = await runModule(module, parameters, contextOf());
      expectEnvelope(result);
      expect(result.success).toBe(false);
    });

    test(
      'may be absent: what comes back is an envelope, the same for none and null',
      async () => {
        expectEnvelope(await runModule(module, undefined, contextOf()));
        const validate = (parameters: unknown): unknown => {
          try {
            return validateParameters(module.params, parameters);
          } catch (error) {
            return messageOf(error);
          }
        };
        expect(validate(null)).toEqual(validate({}));
        expect(validate(undefined)).toEqual(validate({}));
      },
      wholeHostMs,
    );
  });

  describe.each(module.examples.map((one) => [one.flags, one] as const))('its example %s', (flags, { refused }) => {
    const ran: { result: ModuleResult; hits: readonly unknown[] } = { result: checkResult({}), hits: [] };
    beforeAll(async () => {
      const context = contextOf();
      ran.result = await runModule(module, parseParams(module.params, wordsOf(flags)), context);
      ran.hits = context.hits;
    }, wholeHostMs);

    test('is read back from the flags that its parameters are shown as', () => {
      const parameters = parseParams(module.params, wordsOf(flags));
      const shown = [...module.params.toItems(parameters).values()].map((item) => formatFlags(fields, item)).join(' ');
      expect(parseParams(module.params, wordsOf(shown))).toEqual(parameters);
    });

    test('runs to its end and gives an envelope that JSON keeps', () => {
      expectEnvelope(ran.result);
      if (!answersHere()) return;
      if (refused) expect(ran.result).toMatchObject({ success: false, errors: [expect.any(String)] });
      else expect(ran.result).toMatchObject({ success: true, elements: expect.any(Object) });
    });

    test('tells while it runs only what JSON keeps', () => {
      expect(JSON.parse(JSON.stringify(ran.hits))).toEqual(ran.hits);
    });

    test('is printed, with less when only matches are shown', async () => {
      const { printResults } = await module.loadPrinter();
      const all = printResults(ran.result, { matchOnly: false });
      const matches = printResults(ran.result, { matchOnly: true });
      const known = new Set(all.map((shown) => JSON.stringify(shown)));
      expect(matches.filter((shown) => !known.has(JSON.stringify(shown)))).toEqual([]);
      if (ran.result.foundanything) expect(matches.length).toBeGreaterThan(0);
      expect(all.filter(({ text, tone }) => typeof text !== 'string' || typeof tone !== 'string')).toEqual([]);
    });

    test('is printed the same way after a journey as JSON', async () => {
      const { printResults } = await module.loadPrinter();
      const arrived = parseResult(JSON.stringify(ran.result));
      expect(printResults(arrived, { matchOnly: false })).toEqual(printResults(ran.result, { matchOnly: false }));
    });

    test('is printed whatever is missing, and its errors only with everything', async () => {
      const { printResults, rows } = await module.loadPrinter();
      const errors = ['\u001b]52;c;aGk=\u0007 a\r\nb \u202e'];
      const envelopes: readonly ModuleResult[] = [
        { ...ran.result, errors },
        { ...ran.result, statistics: null, errors },
        { ...ran.result, elements: null, errors },
        { ...ran.result, elements: {}, errors },
        { foundanything: false, success: false, elements: null, statistics: null, errors },
      ];
      for (const envelope of envelopes) {
        const all = printResults(envelope, { matchOnly: false });
        expect(all.filter(({ text }) => text.includes(errors[0] ?? ''))).toHaveLength(1);
        expect(
          printResults(envelope, { matchOnly: true }).filter(({ text }) => text.includes(errors[0] ?? '')),
        ).toEqual([]);
        expect(Array.isArray(rows(envelope))).toBe(true);
      }
      const empty = { foundanything: false, success: true, elements: null, statistics: null, errors: null };
      expect(printResults(empty, { matchOnly: true })).toEqual([]);
      expect(rows(empty)).toEqual([]);
    });

    test('gives rows with the same columns, of plain values', async () => {
      const { rows } = await module.loadPrinter();
      const found = rows(ran.result);
      const columns = Object.keys(found[0] ?? {});
      expect(found.filter((row) => Object.keys(row).join() !== columns.join())).toEqual([]);
      const cells = found.flatMap((row) => Object.values(row));
      expect(cells.filter((cell) => cell !== null && !['string', 'number', 'boolean'].includes(typeof cell))).toEqual(
        [],
      );
      if (answersHere()) expect(found.length > 0).toBe(ran.result.foundanything);
    });

    test('is still an envelope, and printed, after its privacy hook', async () => {
      const hook = await module.loadEnhancePrivacy();
      const { printResults } = await module.loadPrinter();
      for (const result of [ran.result, { ...ran.result, elements: null, statistics: null }]) {
        const masked = hook ? hook(result) : result;
        expectEnvelope(masked);
        expect(masked.foundanything).toBe(result.foundanything);
        expect(() => printResults(masked, { matchOnly: false })).not.toThrow();
      }
    });

    test('gives way to a stop at once', async () => {
      const stop = new AbortController();
      stop.abort();
      const startedMs = performance.now();
      const context = contextOf(stop.signal);
      const result = await runModule(module, parseParams(module.params, wordsOf(flags)), context);
      expect(performance.now() - startedMs).toBeLessThan(2000);
      expectEnvelope(result);
    });
  });
});
