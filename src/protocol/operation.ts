import { z } from 'zod';

/** One question to one module: MIG's operation, in its file form. */
export const operationSchema = z.object({
  module: z.string().min(1).max(64),
  parameters: z.unknown().optional(),
  is_compressed: z.boolean().optional(),
  want_compressed: z.boolean().optional(),
});

export type Operation = z.infer<typeof operationSchema>;
