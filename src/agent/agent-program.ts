/** How the agent starts itself again for a module run: a command and the arguments before its own flags. */
export interface AgentProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** The program that runs now, started the same way. */
export function readAgentProgram(): AgentProgram {
  // The launcher keeps an agent that only passes lines on small; its children do the work and need their space.
  const flags = process.execArgv.filter((flag) => !/^--(max-semi-space-size|expose-gc)/.test(flag));
  return {
    command: process.execPath,
    args: [...flags, ...(process.argv[1] === undefined ? [] : [process.argv[1]])],
  };
}

/** Stands for the name of a module that is not known yet, in `-m -`: a message tells it later. */
export const unnamed = '-';
