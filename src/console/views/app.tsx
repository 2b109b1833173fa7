import { Box, Text, useCursor, useWindowSize } from 'ink';
import { useSyncExternalStore, type ReactElement } from 'react';
import type { Input } from '../input/create-input.ts';
import type { ProgramSlot } from '../input/program-slot.ts';
import { layOutScreen, type Drawing } from './lay-out-screen.ts';
import type { Paint } from './paint.ts';

interface Props {
  readonly slot: ProgramSlot;
  readonly input: Input;
  readonly paint: Paint;
  /** Told what is to be drawn, each time. */
  readonly onLayOut?: ((drawing: Drawing) => void) | undefined;
}

/** The live part of the screen, below everything that was printed. */
export function App({ slot, input, paint, onLayOut }: Props): ReactElement {
  const { columns, rows } = useWindowSize();
  const { setCursorPosition } = useCursor();
  const program = useSyncExternalStore(slot.subscribe, slot.snapshot);
  const typed = useSyncExternalStore(input.subscribe, input.snapshot);
  const drawing = layOutScreen(program, typed, { paint, columns, rows });
  setCursorPosition(drawing.cursor);
  onLayOut?.(drawing);
  return (
    <Box flexDirection="column">
      {drawing.rows.map((row, index) => (
        <Text key={index} wrap="truncate">
          {row}
        </Text>
      ))}
    </Box>
  );
}
