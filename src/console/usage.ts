import { modules } from '../../modules/index.ts';
import { line, type Line } from '../module/line.ts';

/** What `gumshoe --help` prints. */
export function usageLines(): readonly Line[] {
  return [
    line('gumshoe: ask agents what their hosts hold, and browse what they found', 'heading'),
    line(''),
    line('  gumshoe [--case NAME] [--fail-fast]     the console; with a pipe as input, its lines are the commands'),
    line('  gumshoe MODULE [FLAGS]                  run a module and print what it found'),
    line('  gumshoe -i FILE [FLAGS]                 run an action file'),
    line(
      '  gumshoe results ID [WORDS]              also: actions, agents, alerts, watch MODULE, export, search, ledger, list, status',
    ),
    line(
      '  gumshoe hosts [add NAME [DESTINATION]]  agents on other hosts, by ssh, docker or kubectl; also: load, remove',
    ),
    line('  gumshoe help [MODULE | COMMAND]         all about one of them'),
    line(''),
    line('modules', 'heading'),
    ...listModules(),
    line(''),
    line('flags, before or behind those of the module (-flag value, --flag value, --flag=value)', 'heading'),
    line(
      '  -t TARGET    local (default), all, the name of an agent, tag:KEY=VALUE, or a condition as "help target" shows',
    ),
    line('  -target-found N, -target-notfound N   of these, those that found something, or nothing, in action N'),
    line('  -e DURATION  how long the action is valid, 5m unless said'),
    line('  -n NAME      name of the action; else the command line'),
    line('  -show WHAT   found (default), notfound, all'),
    line('  -format F    text (default), table, json, jsonl, csv, md'),
    line('  -p           print the action instead of running it'),
    line('  -z           mark the parameters to be sent compressed'),
    line('  -v           tell on standard error what happens'),
    line('  -c FILE      taken for the sake of old command lines; nothing is configured by a file yet'),
    line('  -i FILE      the action of a file'),
    line('  --case NAME  the case that actions and results are kept in'),
    line('  -V, --version'),
    line(''),
    line(
      'exit status: 0 something found, 1 nothing found, 2 wrong request, 3 an agent failed or stayed silent, 130 interrupted',
      'quiet',
    ),
  ];
}

/** Every module with its summary. */
export function listModules(): readonly Line[] {
  const width = Math.max(...modules.map(({ name }) => name.length));
  return modules.map(({ name, summary }) => line(`  ${name.padEnd(width)}  ${summary}`));
}
