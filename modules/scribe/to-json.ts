import { checkLength, DocumentTextError, looksLikeJson } from './document-text.ts';

/** A document of either form as JSON. YAML is only loaded where it is met. Throws DocumentTextError. */
export async function toJson(text: string): Promise<string> {
  checkLength(text);
  if (looksLikeJson(text)) return text;
  const { parseYaml } = await import('./parse-yaml.ts');
  const value = parseYaml(text);
  if (value === null) throw new DocumentTextError('expected a document, got YAML that says nothing');
  return JSON.stringify(value);
}
