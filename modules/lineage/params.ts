import { z } from 'zod';
import { number, text, textList, yesNo } from '../../src/module/fields.ts';
import { flatParams, type ParamsOf } from '../../src/module/params.ts';
import { checkExitCondition } from './exit-condition.ts';
import { checkName, checkPattern } from './name-test.ts';
import { checkSpan, checkTime } from './times.ts';

export const defaultLimit = 1000;
export const mostProcesses = 20_000;
const longestPath = 4096;

export const changes = ['created', 'written', 'renamed', 'deleted', 'executed'] as const;
const utc = "2026-11-21T14:03:22Z, 14:03:22 (UTC) or 10m (ago), by the endpoint's clock";

/** Conditions are met by all of them together; of a condition that is given several times one is enough. Without any question the state of the lineage is told. */
const schema = z
  .object({
    pids: textList({
      flag: 'pid',
      description:
        'the process of this number: who started it, and what it did. Its last life, or the lives of the time that is asked for',
      example: '4242',
      check: checkPid,
      numbersToo: true,
    }),
    ids: textList({
      flag: 'id',
      description: 'the process of this id of the lineage, or of one that begins so',
      example: '5f0c2a91b3d47e60',
      check: checkId,
    }),
    names: textList({
      flag: 'name',
      description:
        'its name, the last part of its executable, or of the script that it runs (npm of node): a plain word is the whole name, anything else a regular expression',
      example: 'sshd',
      check: checkName,
    }),
    commands: textList({
      flag: 'command',
      description:
        'the executable and arguments of something it ran, blanks between them, match this regular expression',
      example: 'curl .*\\| *sh',
      check: checkPattern,
    }),
    under: text({
      flag: 'under',
      description: 'only what descends from the process of this number, or from those of this name',
      example: 'sshd',
      check: checkName,
    }),
    from: text({
      flag: 'from',
      description: `it lived at this time or later (its descendants are told whenever that was): ${utc}`,
      example: '10m',
      check: checkTime,
    }),
    until: text({
      flag: 'until',
      description: 'it lived at this time or before; a time of day is the first after "from"',
      example: '14:10',
      check: checkTime,
    }),
    at: text({
      flag: 'at',
      description: `the tree as it was at this time: ${utc}`,
      example: '14:03:22',
      check: checkTime,
    }),
    wrote: text({
      flag: 'wrote',
      description:
        'it changed this file, or with a slash at the end something below this folder; needs "files" in the configuration of the agent',
      example: '/etc/',
      check: checkPath,
    }),
    changes: textList({
      flag: 'change',
      description: `with "wrote" only this kind of change, without it any file: ${changes.join(', ')}`,
      example: 'created',
      check: checkChange,
      // What Tab completes.
      complete: changes,
    }),
    exited: textList({
      flag: 'exited',
      description: 'it ended with this code, by this signal, or with a core dump',
      example: 'KILL',
      check: checkExitCondition,
      numbersToo: true,
    }),
    failed: yesNo({
      flag: 'failed',
      description: 'it ended with another code than 0, or by a signal',
      example: 'true',
    }),
    users: textList({
      flag: 'user',
      description: 'it ran as this user of the endpoint (name or number)',
      example: 'www-data',
      check: checkUser,
      numbersToo: true,
    }),
    logins: textList({
      flag: 'login',
      description: 'it goes back to the login of this user (name or number), whoever it ran as',
      example: 'ann',
      check: checkUser,
      numbersToo: true,
    }),
    container: text({
      flag: 'container',
      description: 'it ran in the container whose id begins so; * = in any',
      example: '3f2a91',
      check: checkContainer,
    }),
    ancestors: yesNo({
      flag: 'ancestors',
      description: 'show who started what was found, and no descendants; with "descendants" both',
      example: 'true',
      absent: 'absent = ancestors always, descendants where a process was asked for by number, id or name',
    }),
    descendants: yesNo({
      flag: 'descendants',
      description: 'show what those that were found started, and no ancestors; with "ancestors" both',
      example: 'true',
    }),
    depth: number({
      flag: 'depth',
      description: 'follow descendants so many generations down; 1 = children',
      unit: 'generations',
      example: '2',
      absent: 'all',
      max: 10_000,
    }),
    files: yesNo({
      flag: 'files',
      description: 'tell which files each process changed',
      example: 'true',
      initial: true,
      absent: 'absent = yes',
    }),
    args: yesNo({
      flag: 'args',
      description: 'tell the arguments of each process',
      example: 'true',
      initial: true,
      absent: 'absent = yes',
    }),
    limit: number({
      flag: 'limit',
      description: 'tell so many processes at most; what is left out is counted',
      unit: 'processes',
      example: '5000',
      initial: defaultLimit,
      absent: `${defaultLimit}`,
      min: 1,
      max: mostProcesses,
    }),
    gaps: yesNo({
      flag: 'gaps',
      description: 'tell when events were missed, how many, and when the table was right again',
      example: 'true',
    }),
    status: yesNo({
      flag: 'status',
      description: 'tell what the lineage hears from, what each source lacks, and how much is kept',
      example: 'true',
      absent: 'yes where nothing else is asked',
    }),
  })
  .superRefine(({ at, from, until }, context) => {
    const span = checkSpan(from, until);
    if (span !== undefined) context.addIssue({ code: 'custom', path: ['until'], message: span });
    if (at !== undefined && (from ?? until) !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['at'],
        message: 'expected either "at" or "from" and "until", got both',
      });
    }
  });

export const params = flatParams(schema);
export type Params = ParamsOf<typeof params>;

function checkPid(typed: string): string | undefined {
  const isPid = /^[1-9]\d{0,6}$/.test(typed) && Number(typed) <= 4_194_304;
  return isPid
    ? undefined
    : `expected the number of a process, 1 to 4194304, got ${JSON.stringify(typed.slice(0, 100))}`;
}

function checkId(typed: string): string | undefined {
  const isId = /^[\w.:-]{4,64}$/.test(typed);
  return isId
    ? undefined
    : `expected an id of the lineage, at least its first 4 characters, got ${JSON.stringify(typed.slice(0, 100))}`;
}

function checkPath(typed: string): string | undefined {
  const isPath = typed.startsWith('/') && typed.length <= longestPath && !typed.includes('\0');
  return isPath ? undefined : `expected an absolute path, got ${JSON.stringify(typed.slice(0, 100))}`;
}

function checkChange(typed: string): string | undefined {
  const isChange = (changes as readonly string[]).includes(typed);
  return isChange ? undefined : `expected one of ${changes.join(', ')}, got ${JSON.stringify(typed.slice(0, 100))}`;
}

function checkUser(typed: string): string | undefined {
  if (/^\d+$/.test(typed))
    return Number(typed) < 2 ** 32 ? undefined : `expected a number below 2^32, got ${typed.slice(0, 20)}`;
  const isName = typed !== '' && typed.length <= 256 && !/[\s:\0]/.test(typed);
  return isName ? undefined : `expected the name or the number of a user, got ${JSON.stringify(typed.slice(0, 100))}`;
}

function checkContainer(typed: string): string | undefined {
  const isId = typed === '*' || /^[\w.:-]{1,128}$/.test(typed);
  return isId
    ? undefined
    : `expected the beginning of a container's id, or *, got ${JSON.stringify(typed.slice(0, 100))}`;
}
