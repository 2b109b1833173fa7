import { z } from 'zod';
import { number, text } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { defaultRestartTimeoutMs, maxRestartTimeoutMs } from '../../src/protocol/restart-outcome.ts';

export const params = flatParams(
  z.object({
    module: text({
      flag: 'module',
      description: 'the persistent module to restart; without it the whole agent',
      example: 'examplepersist',
      check: checkName,
    }),
    timeout: number({
      flag: 'timeout',
      description: 'how long it may take to end by itself; then it is killed, and started all the same',
      unit: 'seconds',
      example: '10',
      min: 1,
      max: maxRestartTimeoutMs / 1000,
      initial: defaultRestartTimeoutMs / 1000,
      absent: `a message without it means ${defaultRestartTimeoutMs / 1000}`,
    }),
  }),
);

export type Params = ParamsOf<typeof params>;

/** Which modules there are is for the agent to say: another version may have others. */
function checkName(name: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)) return undefined;
  return `expected the name of a module such as examplepersist, got ${JSON.stringify(name.slice(0, 80))}`;
}
