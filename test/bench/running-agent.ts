import { spawn } from 'node:child_process';
import { formatFrame, linkProtocol } from '../../src/protocol/frame.ts';

/** An agent as a console keeps one. */
export interface RunningAgent {
  /** Milliseconds from an action of one operation to the end of its reports. */
  readonly time: (module: string, parameters: unknown) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** How long the agent is left alone before each action: it has then made its next process ready. */
const restMs = 400;

export function startAgent(command: string): RunningAgent {
  const child = spawn(command, ['--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let text = '';
  let heard = Promise.withResolvers<void>();
  child.stdout.on('data', (chunk: Buffer) => {
    text = text.slice(-200) + chunk.toString();
    heard.resolve();
  });
  child.stdin.write(formatFrame({ type: 'hello', protocol: linkProtocol, version: 'bench' }));
  let count = 0;
  return {
    time: async (module, parameters) => {
      await new Promise((resolve) => setTimeout(resolve, restMs));
      const ref = `bench-${++count}`;
      const action = { name: 'bench', target: 'local', operations: [{ module, parameters }] };
      text = '';
      const startedMs = performance.now();
      child.stdin.write(formatFrame({ type: 'action', ref, action }));
      while (!text.includes('"kind":"done"')) {
        await heard.promise;
        heard = Promise.withResolvers();
      }
      return performance.now() - startedMs;
    },
    close: () => {
      child.stdin.end();
      return closed;
    },
  };
}
