/** A setting of apt.conf(5) with a value: name "DPkg::Post-Invoke". */
export interface AptSetting {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

type Token =
  | { readonly kind: 'word' | 'value'; readonly text: string; readonly line: number }
  | { readonly kind: 'open' | 'close' | 'end' };

const maxSettings = 20_000;
const maxDepth = 50;

/** Every value with the full name it has by the braces around it, in the order of the file. */
export function parseAptConf(text: string): readonly AptSetting[] {
  const settings: AptSetting[] = [];
  const scopes: string[] = [];
  let word = '';
  for (const token of readTokens(text)) {
    if (settings.length >= maxSettings) break;
    if (token.kind === 'word') word = token.text;
    else if (token.kind === 'value') {
      const name = [...scopes, word].filter((part) => part !== '').join('::');
      settings.push({ name: name.endsWith('::') ? name.slice(0, -2) : name, value: token.text, line: token.line });
    } else {
      if (token.kind === 'open' && scopes.length < maxDepth) scopes.push(word);
      if (token.kind === 'close') scopes.pop();
      word = '';
    }
  }
  return settings;
}

/** One pass; a comment or a quote that is not closed runs to the end. */
function* readTokens(text: string): Generator<Token> {
  let line = 1;
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    const pair = text.slice(at, at + 2);
    let end = at + 1;
    if (character === '#' || pair === '//') end = indexOrEnd(text, '\n', at);
    else if (pair === '/*') end = indexOrEnd(text, '*/', at + 2) + 2;
    else if (character === '"') {
      end = quoteEnd(text, at + 1);
      yield { kind: 'value', text: text.slice(at + 1, end - 1), line };
    } else if (character === '{') yield { kind: 'open' };
    else if (character === '}') yield { kind: 'close' };
    else if (character === ';') yield { kind: 'end' };
    else if (!/\s/.test(character)) {
      while (end < text.length && /[^\s{};"]/.test(text[end] ?? '')) end++;
      yield { kind: 'word', text: text.slice(at, end), line };
    }
    for (let next = at; next < Math.min(end, text.length); next++) if (text[next] === '\n') line++;
    at = end;
  }
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? text.length : at;
}

/** Behind the closing quote. */
function quoteEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length) + 1;
}
