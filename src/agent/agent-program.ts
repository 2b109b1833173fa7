/** How the agent starts itself again for a module run: a command and the arguments before its own flags. */
export interface AgentProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** The program that runs now, started the same way. */
export function readAgentProgram(): AgentProgram {
  return {
    command: process.execPath,
    args: [...process.execArgv, ...(process.argv[1] === undefined ? [] : [process.argv[1]])],
  };
}
