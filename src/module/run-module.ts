import { messageOf } from '../base/app-error.ts';
import { failedResult, type ModuleResult } from '../protocol/result.ts';
import type { Module } from './define-module.ts';
import { validateParameters } from './params.ts';
import type { RunContext, RunOutcome } from './run.ts';
import { describeUnknownKeys } from './unknown-keys.ts';

/**
 * One run of a module from untrusted parameters to the envelope. It never throws: invalid parameters, a platform the module does not know and an error
 * of the module all come back as a failed envelope that says why. With extraPrivacy the module's hook has the last word.
 */
export async function runModule(
  module: Module,
  parameters: unknown,
  context: RunContext,
  options: { readonly extraPrivacy?: boolean } = {},
): Promise<ModuleResult> {
  const result = await runPlain(module, parameters, context);
  if (!options.extraPrivacy) return result;
  const enhancePrivacy = await module.loadEnhancePrivacy();
  return enhancePrivacy ? enhancePrivacy(result) : result;
}

async function runPlain(module: Module, parameters: unknown, context: RunContext): Promise<ModuleResult> {
  if (!(module.platforms as readonly string[]).includes(process.platform)) {
    const wrong = `module ${module.name} runs on ${module.platforms.join(', ')}; this host is ${process.platform}`;
    return { ...failedResult([wrong]), ...module.failed };
  }
  return answerQuestion(module, parameters, async (params) => (await module.loadRun())(params, context));
}

/** The envelope of whatever answers a module's parameters, a run or a query to a running process. It never throws. */
export async function answerQuestion(
  module: Module,
  parameters: unknown,
  answer: (params: unknown) => Promise<RunOutcome<unknown, unknown>>,
): Promise<ModuleResult> {
  try {
    const outcome = await answer(validateParameters(module.params, parameters));
    const errors = [...describeUnknownKeys(module.params, parameters), ...outcome.errors];
    return {
      foundanything: outcome.foundAnything,
      success: true,
      elements: outcome.elements,
      statistics: outcome.statistics,
      errors: errors.length === 0 ? null : errors,
    };
  } catch (error) {
    return { ...failedResult([messageOf(error)]), ...module.failed };
  }
}
