import type { ChildSupply } from '../child-supply.ts';

/** A supply that keeps a process ready only while somebody may need one: an agent that nobody talks to has no process but its own. */
export interface SupplyOnDemand extends ChildSupply {
  readonly keepReady: (wanted: boolean) => void;
}

/** How long after the last need the process that stands ready is kept. */
const restMs = 30_000;

export function createSupplyOnDemand(parts: {
  readonly createWarm: () => ChildSupply;
  readonly cold: ChildSupply;
  readonly restMs?: number;
}): SupplyOnDemand {
  let warm: ChildSupply | undefined;
  let rest: NodeJS.Timeout | undefined;
  const cool = (): void => {
    clearTimeout(rest);
    rest = undefined;
    warm?.close();
    warm = undefined;
  };
  return {
    take: (module, limits) => (warm ?? parts.cold).take(module, limits),
    keepReady: (wanted) => {
      clearTimeout(rest);
      rest = undefined;
      if (wanted) warm ??= parts.createWarm();
      else rest = setTimeout(cool, parts.restMs ?? restMs).unref();
    },
    close: () => {
      cool();
      parts.cold.close();
    },
  };
}
