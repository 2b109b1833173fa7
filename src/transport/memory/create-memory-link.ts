import { PassThrough, type Readable, type Writable } from 'node:stream';
import { messageOf } from '../../base/app-error.ts';
import type { Connection } from '../connection.ts';
import { createLink, type LinkOptions } from '../create-link.ts';
import type { AgentLink } from '../link.ts';

/** The agent's side: reads frames from `input`, writes frames to `output`, and resolves when `input` ended and all is done. */
export type ServeStreams = (input: Readable, output: Writable) => Promise<void>;

/** A link to an agent in this process: bytes as on every other transport, no process in between. For tests and for trying a module. */
export function createMemoryLink(options: Omit<LinkOptions, 'connect'> & { readonly serve: ServeStreams }): AgentLink {
  return createLink({ ...options, connect: () => connectStreams(options.serve) });
}

function connectStreams(serve: ServeStreams): Connection {
  const toAgent = new PassThrough();
  const fromAgent = new PassThrough();
  const ended = serve(toAgent, fromAgent).then(
    () => 'the end of the agent in this process',
    (error: unknown) => `an error of the agent in this process: ${messageOf(error)}`,
  );
  return {
    fromAgent,
    toAgent,
    ended: ended.then((how) => {
      fromAgent.end();
      return how;
    }),
    terminate: async () => {
      toAgent.end();
      await ended;
    },
  };
}
