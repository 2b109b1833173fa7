import { hasHidden, visible } from '../../base/visible.ts';

/**
 * The text with its hidden characters as escapes and every backslash as it is: for what the investigator typed, and for JSON, whose own backslashes must
 * stay. Unlike `visible` it cannot be read back with certainty.
 */
export function escapeHidden(text: string, draw: (character: string) => string = visible): string {
  if (!hasHidden(text)) return text;
  return Array.from(text, (character) => (hasHidden(character) ? draw(character) : character)).join('');
}
