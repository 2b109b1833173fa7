import { isIP } from 'node:net';
import { masked } from './print.ts';

/** A sentence with these names, as whole words, and every IP address in it masked, the port behind an address too. */
export function maskText(text: string, names: readonly (string | undefined)[] = []): string {
  const known = names.flatMap((name) => (name === undefined || name === '' || name === masked ? [] : [name]));
  const plain = known.length === 0 ? text : text.replaceAll(wordsOf(known), masked);
  return plain.replaceAll(/[\da-f:.]+(?:%[\w-]+)?/gi, maskWord);
}

/** Any of the names, the longest first, where no letter or digit goes on before or behind it. */
function wordsOf(names: readonly string[]): RegExp {
  const literals = names
    .toSorted((one, other) => other.length - one.length)
    .map((name) => name.replaceAll(/\W/g, String.raw`\$&`));
  return new RegExp(String.raw`(?<![\w-])(?:${literals.join('|')})(?![\w-])`, 'g');
}

function maskWord(word: string): string {
  let end = word.length;
  while (end > 0 && '.:'.includes(word.charAt(end - 1))) end--;
  const address = word.slice(0, end);
  const isAddress = isIP(address) !== 0 || isIP(address.replace(/:\d{1,5}$/, '')) !== 0;
  return isAddress ? masked + word.slice(end) : word;
}
