import { z } from 'zod';
import { messageOf } from '../../src/base/app-error.ts';
import { parsedText, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { DocumentTextError, parseJson } from './document-text.ts';
import { parseDocument } from './parse-document.ts';
import { toJson } from './to-json.ts';

const example =
  '{"objects":[{"object":"bash","package":{"name":"bash"}}],"tests":[{"test":"has-bash","object":"bash"}]}';

/** MIG's scribe parameters, and `distribution`, which MIG has not. The document travels as data. */
export const params = flatParams(
  z.object({
    scribedoc: parsedText({
      flag: 'document',
      description: 'the document, as JSON: what to look at (objects) and what must hold (tests)',
      example,
      required: true,
      fromFile: { flag: 'path', description: 'the document in this file, as JSON or YAML', convert },
      check: checkDocument,
      parse: (text) => parseDocument(parseJson(text)).document,
      schema: z.unknown().transform((value, context) => {
        const parsed = parseDocument(value);
        for (const { path, message } of parsed.issues) context.addIssue({ code: 'custom', path: [...path], message });
        return parsed;
      }),
    }),
    onlytrue: yesNo({
      flag: 'onlytrue',
      description: 'return only the tests that hold',
      example: 'true',
    }),
    humanoutput: yesNo({
      flag: 'human',
      description: 'show each result as a block of lines, with descriptions and tags',
      example: 'true',
    }),
    jsonoutput: yesNo({
      flag: 'json',
      description: 'show each result as JSON',
      example: 'true',
    }),
    distribution: yesNo({
      flag: 'distribution',
      description: "compare versions of packages by their distribution's own rules (dpkg, rpm, apk)",
      example: 'true',
      absent: "absent = by MIG's rules, which know no ~",
    }),
  }),
);

export type Params = ParamsOf<typeof params>;

/** A file as the text that `-document` takes, if it is a document. Throws DocumentTextError. */
async function convert(content: string): Promise<string> {
  const json = await toJson(content);
  const problem = checkDocument(json);
  if (problem !== undefined) throw new DocumentTextError(problem);
  return json;
}

const mostSaid = 5;

function checkDocument(text: string): string | undefined {
  try {
    const { issues } = parseDocument(parseJson(text));
    if (issues.length === 0) return undefined;
    const said = issues
      .slice(0, mostSaid)
      .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
    const more = issues.length > mostSaid ? [`and ${issues.length - mostSaid} more`] : [];
    return [...said, ...more].join('; ');
  } catch (error) {
    return messageOf(error);
  }
}
