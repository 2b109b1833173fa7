import { ProtocolError } from '../base/app-error.ts';
import { asObject } from '../base/as-object.ts';

/** What travels between the agent and a module's process, one JSON object a line (MIG's modules.Message). */
export interface ModuleMessage {
  readonly class: ModuleMessageClass;
  readonly parameters?: unknown;
  /** Only in queries to a persistent module: where the running instance listens. */
  readonly persistsock?: string | undefined;
}

export const moduleMessageClasses = [
  'parameters',
  'stop',
  'ping',
  'log',
  'register',
  'config',
  'alert',
  'progress',
  'hits',
  'module',
  'prepare',
  'ready',
  'received',
  'event',
] as const;
/**
 * MIG's seven classes, two of ours that a module sends before its result when it was asked to stream, and one that comes before the parameters to a
 * process that was started before it was known which module it would run: {name}.
 *
 * Between the agent and a persistent module (`-P`), besides MIG's config, ping, register {sockpath}, log {message}, alert {message} and stop:
 * the agent sends `prepare` before a stop, and the module answers `ready` when it has saved what it must not lose; the agent gives alerts of other modules
 * to one that takes them, `alert` {n, module, at, message}, and it answers `received` {n} when it has them on disk; `event` {text} is told to consoles that
 * watch the module and kept nowhere. Where the configuration has `receipts`: true, a module gives its own alerts a number, `alert` {message, key}, keeps
 * them until the agent answers `received` {from, n} (those with keys from `from` to `n` are stored; `unkept`: true = told, but the disk took them not),
 * and sends again, under the same keys, what an earlier life has no answer to.
 */
export type ModuleMessageClass = (typeof moduleMessageClasses)[number];

const classes: ReadonlySet<unknown> = new Set(moduleMessageClasses);

/** A message from one line. Throws ProtocolError MESSAGE_INVALID; unknown keys are ignored, as in MIG. */
export function parseModuleMessage(line: string): ModuleMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new ProtocolError('MESSAGE_INVALID', `expected one line of JSON, got ${JSON.stringify(line.slice(0, 60))}`, {
      cause,
    });
  }
  return checkModuleMessage(value);
}

/** The same from a value that was parsed already. */
export function checkModuleMessage(value: unknown): ModuleMessage {
  // By hand: a persistent module does it a thousand times at once, and a schema would take longer than the rest of the line.
  const { class: messageClass, parameters, persistsock } = asObject(value) ?? {};
  if (isClass(messageClass) && (persistsock === undefined || typeof persistsock === 'string'))
    return {
      class: messageClass,
      ...(parameters === undefined ? {} : { parameters }),
      ...(persistsock === undefined ? {} : { persistsock }),
    };
  throw new ProtocolError(
    'MESSAGE_INVALID',
    `expected a message with a class (${moduleMessageClasses.join(', ')}), got ${JSON.stringify(value)?.slice(0, 60)}`,
  );
}

function isClass(value: unknown): value is ModuleMessageClass {
  return classes.has(value);
}

/** One line, without its end. `parameters` is left out when there are none, as MIG does. */
export function formatModuleMessage(message: ModuleMessage): string {
  const { class: messageClass, parameters, persistsock } = message;
  return JSON.stringify({
    class: messageClass,
    ...(parameters === undefined || parameters === null ? {} : { parameters }),
    ...(persistsock ? { persistsock } : {}),
  });
}
