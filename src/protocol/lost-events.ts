/** What a console is told in place of events that it read too slowly to be told: a log line of the module they were of. */

const behind = ' events were not told: this console read more slowly than they came';

export function formatLostEvents(count: number): string {
  return `${count}${behind}`;
}

/** Whether a line of a log is that one: it must not be overlooked. */
export function isLostEvents(text: string): boolean {
  return text.endsWith(behind) && /^\d+$/.test(text.slice(0, -behind.length));
}
