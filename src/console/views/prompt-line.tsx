import { Box, Text, useCursor } from 'ink';
import type { ReactElement } from 'react';
import type { InputState } from '../input/next-input.ts';
import { layOutLine } from './lay-out-line.ts';
import { layOutMenu } from './lay-out-menu.ts';
import type { Paint } from './paint.ts';

interface Props {
  readonly prompt: string;
  readonly input: InputState;
  readonly paint: Paint;
  readonly columns: number;
  readonly maxRows: number;
}

/** The line being typed, at the top of the live part: the cursor is placed relative to its first row. Below it the menu, or what is to be said. */
export function PromptLine({ prompt, input, paint, columns, maxRows }: Props): ReactElement {
  const { setCursorPosition } = useCursor();
  const { rows, cursor } = layOutLine(`${promptOf(prompt, input)} `, input.line, { paint, columns, maxRows });
  setCursorPosition(cursor);
  return (
    <Box flexDirection="column">
      {[...rows, ...belowOf(input, paint, columns, maxRows - rows.length)].map((row, index) => (
        <Text key={index} wrap="truncate">
          {row === '' ? ' ' : row}
        </Text>
      ))}
    </Box>
  );
}

function promptOf(prompt: string, { search }: InputState): string {
  if (!search) return prompt;
  return `(${search.isFailed ? 'failed ' : ''}search) '${search.query}':`;
}

function belowOf(input: InputState, paint: Paint, columns: number, maxRows: number): readonly string[] {
  if (maxRows < 1) return [];
  if (input.isAskingToRun) {
    const count = input.line.text.split('\n').filter((line) => line.trim() !== '').length;
    return [paint.text('warning', `Run these ${count} lines one after another? (y/n)`, columns - 1)];
  }
  if (input.notice !== undefined) return [paint.text('quiet', input.notice, columns - 1)];
  if (input.menu?.isListed) return layOutMenu(input.menu.candidates, { paint, columns, maxRows: Math.min(8, maxRows) });
  return [];
}
