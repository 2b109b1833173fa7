import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ScribeDocument } from '../../../modules/scribe/document.ts';
import type { Elements, Statistics, TestResult } from '../../../modules/scribe/elements.ts';
import { params } from '../../../modules/scribe/params.ts';
import { runOn } from '../../../modules/scribe/run.ts';
import { validateParameters } from '../../../src/module/params.ts';
import type { RunOutcome } from '../../../src/module/run.ts';
import { createRunContext } from '../../helpers/run-context.ts';

export interface RunOptions {
  readonly onlytrue?: boolean;
  readonly distribution?: boolean;
  /** Where the package databases are; an empty folder has none. */
  readonly root?: string;
  readonly signal?: AbortSignal;
}

/** Runs a document as it would arrive: through the validation of the parameters. */
export async function runDocument(
  scribedoc: ScribeDocument,
  { root = '/nowhere', signal, ...options }: RunOptions = {},
): Promise<RunOutcome<Elements, Statistics>> {
  const valid = validateParameters(params, JSON.parse(JSON.stringify({ scribedoc, ...options })));
  return runOn(root, valid, createRunContext(signal));
}

/** What came of each test: true, false or its error. */
export async function judge(document: ScribeDocument, options?: RunOptions): Promise<Record<string, boolean | string>> {
  const { elements } = await runDocument(document, options);
  return Object.fromEntries(elements.results.map((result) => [result.testid, stateOf(result)]));
}

function stateOf({ iserror, error, masterresult }: TestResult): boolean | string {
  return iserror ? error : masterresult;
}

/** Writes files below a folder, by path. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** A database of dpkg below a folder: "name version arch", or with "same" behind for a package of several architectures. */
export function writePackages(folder: string, packages: readonly string[]): void {
  const entries = packages.map((line) => {
    const [name = '', version = '', arch = 'amd64', multiArch] = line.split(' ');
    const multi = multiArch ? `Multi-Arch: ${multiArch}\n` : '';
    return `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\n${multi}Version: ${version}\nMaintainer: nobody\nDescription: x\n`;
  });
  writeFiles(folder, { 'var/lib/dpkg/status': entries.join('\n') });
}
