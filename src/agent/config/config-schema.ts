/**
 * Every key of the agent's configuration, said once: the parser, the example file that `install` writes, and `-S` are made from this.
 * Sections of persistent modules are the modules' own: their cards describe them.
 */
import { z } from 'zod';
import { count, duration, later, line, oneOf, path, size, yesNo } from './config-values.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];
const [kib, mib, gib] = [1024, 1024 ** 2, 1024 ** 3];

/** A section; one whose keys are all commented out is null in YAML, and empty. */
function section<Shape extends z.ZodRawShape>(shape: Shape, summary: string) {
  return z
    .unknown()
    .transform((given) => given ?? {})
    .pipe(z.strictObject(shape))
    .optional()
    .meta({ summary, keys: shape });
}

export const configShape = {
  name: line({ summary: 'What the agent is called; else the name of the host.', example: 'web-1' }, { maxLength: 255 }),
  tags: z.unknown().optional().meta({
    summary: "Texts by name, to choose agents by: tags->>'operator'='it'.",
    example: '{ operator: it, place: "room 4" }',
  }),
  extraPrivacy: yesNo({
    summary: 'Results and alerts leave with names and addresses masked, by modules that can mask them.',
    example: 'false',
  }),
  run: path({
    summary: 'The folder of socket and lock; else GUMSHOE_RUN, else /run/gumshoe (root) or $XDG_RUNTIME_DIR/gumshoe.',
    example: '/run/gumshoe',
  }),
  state: path({
    summary:
      'The folder of identity, alerts, restarts and what modules keep; else GUMSHOE_STATE, else /var/lib/gumshoe (root) or ~/.local/state/gumshoe.',
    example: '/var/lib/gumshoe',
  }),
  allow: later({
    summary: 'Accounts, by name or uid, that may talk to the agent besides root and the one it runs as.',
    example: '[alice, 1001]',
  }),
  log: section(
    {
      level: oneOf(['info', 'warn', 'error'], { summary: 'The least that is written.', example: 'info' }),
      format: oneOf(['json', 'text'], {
        summary: 'json: one object a line. text: lines for people, as it is on a terminal where nothing is said here.',
        example: 'json',
      }),
      file: path({
        summary: 'Appended to, and opened again on HUP; else standard error, which systemd keeps in its journal.',
        example: '/var/log/gumshoe-agent.log',
      }),
    },
    'The log.',
  ),
  limits: section(
    {
      timeout: duration(
        { summary: 'An operation that lasts longer is stopped; what it found is kept.', example: '5m' },
        { minMs: second, maxMs: 24 * hour },
      ),
      stopWait: duration(
        { summary: 'An operation that does not end on a stop message gets TERM after this.', example: '2s' },
        { minMs: 100, maxMs: minute },
      ),
      termWait: duration({ summary: 'And KILL after this.', example: '1s' }, { minMs: 100, maxMs: minute }),
      memory: size(
        { summary: 'An operation that takes more is stopped.', example: '512MiB' },
        { minBytes: 64 * mib, maxBytes: 1024 * gib },
      ),
      memoryCheck: duration(
        { summary: 'How often the memory of an operation is looked at.', example: '250ms' },
        { minMs: 50, maxMs: minute },
      ),
      result: size(
        { summary: 'The largest result of an operation; one that writes more is ended.', example: '64MiB' },
        { minBytes: 64 * kib, maxBytes: 256 * mib },
      ),
      hits: size(
        { summary: 'How much of its findings an operation tells before its end.', example: '1MiB' },
        { minBytes: 0, maxBytes: 256 * mib },
      ),
      nice: count(
        { summary: 'The scheduling priority of operations: 0 as any program, 19 the least.', example: '10' },
        { min: 0, max: 19 },
      ),
      parallel: count(
        { summary: 'How many operations run at once; else 8, or twice the cores.', example: '8' },
        { min: 1, max: 1024 },
      ),
      waiting: count(
        { summary: 'How many more may wait; an action that would add more is refused.', example: '10000' },
        { min: 0, max: 1_000_000 },
      ),
      spareWait: duration(
        { summary: 'When the next process is made ready after an operation has ended.', example: '50ms' },
        { minMs: 0, maxMs: hour },
      ),
      spareLongWait: duration(
        { summary: 'The same while an operation lasts.', example: '2s' },
        { minMs: 0, maxMs: hour },
      ),
    },
    'What operations may use. An action may lower time, memory and result for its own, never raise them.',
  ),
  restart: section(
    {
      max: count(
        { summary: 'More restarts than this within the window are refused.', example: '3' },
        { min: 1, max: 1000 },
      ),
      window: duration({ summary: 'The window.', example: '10m' }, { minMs: second, maxMs: 24 * hour }),
    },
    'Restarts that are asked for.',
  ),
  persistent: later({
    summary: 'Modules that run as long as the agent does. Each has `enabled`, and keys of its own.',
    example: '',
  }),
};

export const configSchema = z.strictObject(configShape);

export type ConfigFile = z.output<typeof configSchema>;

/** One key as it is described. */
export interface ConfigKey {
  /** "limits.memory" */
  readonly path: string;
  readonly summary: string;
  readonly example: string;
  /** The section it stands in, with what is said of it; undefined at the top. */
  readonly section: { readonly name: string; readonly summary: string } | undefined;
}

/** All keys but those of persistent modules, in the order of the file. */
export function listConfigKeys(): readonly ConfigKey[] {
  return Object.entries(configShape).flatMap(([name, schema]): readonly ConfigKey[] => {
    const meta = metaOf(schema);
    if (name === 'persistent') return [];
    if (!meta.keys) return [{ path: name, summary: meta.summary, example: meta.example ?? '', section: undefined }];
    return Object.entries(meta.keys).map(([key, inner]) => {
      const text = metaOf(inner);
      const own = { name, summary: meta.summary };
      return { path: `${name}.${key}`, summary: text.summary, example: text.example ?? '', section: own };
    });
  });
}

/** What `.meta` was given above. */
function metaOf(schema: { readonly meta: () => unknown }): Meta {
  return schema.meta() as Meta;
}

interface Meta {
  readonly summary: string;
  readonly example?: string;
  readonly keys?: Readonly<Record<string, z.ZodType>>;
}
