import { z } from 'zod';

/** MIG's section [examplepersist]: `interval`, in seconds. Strict, and every key has a default. */
export const config = z.strictObject({
  interval: z
    .number({ error: 'expected a number of seconds such as 30' })
    .max(86_400, { error: 'expected at most 86400 seconds' })
    .default(30),
});

export type Config = z.output<typeof config>;

export const configExample = `# How often it writes the time to the agent's log, in seconds.
interval: 30
`;
