import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { documentError, documentWarning, type Elements, type Statistics } from './elements.ts';

/** Masks where values were found, as MIG does, and the errors that name files. What holds stays, and what is wrong with the document. */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return {
    ...result,
    elements: elements && {
      ...elements,
      results: (elements.results ?? []).map((test) => ({
        ...test,
        results: test.results?.map(({ result: holds }) => ({ result: holds, identifier: masked })) ?? null,
      })),
    },
    errors: errors?.map((error) => (namesFile(error) ? masked : error)) ?? null,
  };
}

/** What tells of the document may hold paths of the investigator; what else holds one names a file of the endpoint. */
function namesFile(error: string): boolean {
  const isAboutDocument = error.startsWith(documentError) || error.startsWith(documentWarning);
  return !isAboutDocument && error.includes('/');
}
