import { Text } from 'ink';
import type { ReactElement } from 'react';
import type { Paint } from './paint.ts';

interface Props {
  readonly parts: readonly string[];
  readonly paint: Paint;
  readonly columns: number;
}

/** The last line: the case, the agents, the draft. */
export function StatusLine({ parts, paint, columns }: Props): ReactElement | null {
  if (parts.length === 0) return null;
  return <Text wrap="truncate">{paint.text('quiet', parts.join(' · '), columns - 1)}</Text>;
}
