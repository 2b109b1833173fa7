import { Box, Text, useWindowSize } from 'ink';
import { useSyncExternalStore, type ReactElement } from 'react';
import type { Input } from '../input/create-input.ts';
import type { ProgramSlot } from '../input/program-slot.ts';
import { FollowBlock } from './follow-block.tsx';
import type { Paint } from './paint.ts';
import { PromptLine } from './prompt-line.tsx';
import { StatusLine } from './status-line.tsx';

interface Props {
  readonly slot: ProgramSlot;
  readonly input: Input;
  readonly paint: Paint;
}

/** The live part of the screen, below everything that was printed: the followed action or the prompt, and the status. Always lower than the window. */
export function App({ slot, input, paint }: Props): ReactElement | null {
  const { columns, rows } = useWindowSize();
  const program = useSyncExternalStore(slot.subscribe, slot.snapshot);
  const typed = useSyncExternalStore(input.subscribe, input.snapshot);
  if (program.ended !== undefined) return null;
  const maxRows = Math.max(1, rows - 3);
  const isBusy = program.busy !== undefined || typed.isRunning;
  return (
    <Box flexDirection="column">
      {program.follow && (
        <FollowBlock follow={program.follow} {...{ paint, columns }} maxRows={Math.min(10, maxRows)} />
      )}
      {!program.follow && isBusy && (
        <Text wrap="truncate">
          {program.busy === undefined ? ' ' : paint.text('quiet', `${program.busy} …`, columns - 1)}
        </Text>
      )}
      {!program.follow && !isBusy && (
        <PromptLine prompt={program.prompt} input={typed} {...{ paint, columns, maxRows }} />
      )}
      <StatusLine parts={program.status} {...{ paint, columns }} />
    </Box>
  );
}
