import { z } from 'zod';

const name = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\0]+$/, { error: 'expected the name of a program without its folder' });

/** The section `persistent.process` of the agent's configuration. */
export const config = z.strictObject({
  names: z.array(name).max(1000).default([]),
  exclude: z.array(name).max(1000).default([]),
  keepEvents: z.int({ error: 'expected a whole number of events' }).min(100).max(1_000_000).default(50_000),
  watchForks: z.boolean({ error: 'expected true or false' }).default(false),
  watchPerSecond: z.int({ error: 'expected a whole number of events a second' }).min(1).max(10_000).default(200),
});

export type Config = z.output<typeof config>;

export const configExample = `# Only programs of these names are kept and told; none = all. Rates and gaps are those of the whole host.
#names: [sshd, curl]
# Programs of these names are not.
#exclude: [sleep, "true"]
# Events that can be asked for later; the oldest are forgotten.
#keepEvents: 50000
# Tell forks to who watches, too, beside what is executed and what ends.
#watchForks: false
# Events that who watches is told in a second; what is more is counted, and the number is told.
#watchPerSecond: 200
`;
