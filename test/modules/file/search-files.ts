import { findModule } from '../../../modules/index.ts';
import type { Elements, Statistics } from '../../../modules/file/elements.ts';
import { runModule } from '../../../src/module/run-module.ts';
import type { RunContext } from '../../../src/module/run.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';
import { createRunContext } from '../../helpers/run-context.ts';

export type FileResult = ModuleResult<Elements, Statistics>;

/** Runs the file module as an agent does. */
export async function searchFiles(
  searches: Readonly<Record<string, unknown>>,
  options: { readonly context?: RunContext; readonly extraPrivacy?: boolean } = {},
): Promise<FileResult> {
  const module = findModule('file');
  if (!module) throw new Error('there is no file module');
  const { context = createRunContext(), extraPrivacy = false } = options;
  return (await runModule(module, { searches }, context, { extraPrivacy })) as FileResult;
}

/** The paths found under a label, each once, sorted; without the "nothing found" entries. */
export function filesOf(result: FileResult, label = 's1'): readonly string[] {
  const files = (result.elements?.[label] ?? []).map(({ file }) => file).filter((file) => file !== '');
  return [...new Set(files)].toSorted();
}
