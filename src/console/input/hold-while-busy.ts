import type { ProgramSlot } from './program-slot.ts';
import type { StdinBroker } from './stdin-broker.ts';

/** Keeps what is typed while the program is busy by itself, without a line of the investigator's: an action that is taken up again at the start. */
export function holdWhileBusy(
  slot: Pick<ProgramSlot, 'snapshot' | 'subscribe'>,
  broker: Pick<StdinBroker, 'hold'>,
): void {
  let release: (() => void) | undefined;
  slot.subscribe(() => {
    const isBusy = slot.snapshot().busy !== undefined;
    if (isBusy) release ??= broker.hold();
    else {
      release?.();
      release = undefined;
    }
  });
}
