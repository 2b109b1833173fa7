import { z } from 'zod';
import { number, text, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';

/** The first process and the largest number a process of Linux can have (PID_MAX_LIMIT of 64 bits); MIG stops at 65535. */
const minPid = 2;
const maxPid = 4_194_304;

/** MIG's agentdestroy parameters, and `check`, which MIG has not. */
export const params = flatParams(
  z
    .object({
      pid: number({
        flag: 'pid',
        description: 'the process of the agent to kill',
        unit: 'process id',
        example: '4242',
        min: minPid,
        max: maxPid,
        required: true,
      }),
      version: text({
        flag: 'version',
        description: 'the version that agent must have; another one is left alone',
        example: '0.1.0',
        required: true,
        check: checkVersion,
      }),
      check: yesNo({
        flag: 'check',
        description: 'only tell what would be done; nothing is killed or removed',
        example: 'true',
        absent: 'a message without it means false: the agent is killed',
      }),
    })
    .superRefine(({ pid, version }, context) => {
      if (pid === undefined)
        context.addIssue({ code: 'custom', path: ['pid'], message: 'expected a process id, got nothing' });
      if (version === undefined)
        context.addIssue({
          code: 'custom',
          path: ['version'],
          message: 'expected the version of the agent, got nothing',
        });
    }),
);

export type Params = ParamsOf<typeof params>;

function checkVersion(version: string): string | undefined {
  if (/^[\w.+-]{1,100}$/.test(version)) return undefined;
  return `expected a version of letters, digits and . _ + -, got ${JSON.stringify(version.slice(0, 100))}`;
}
