/** What there is: agents, actions, history, settings. */
import { line } from '../../module/line.ts';
import { allModes, expectAtMost, usageError, type Command } from '../command.ts';
import { formatSetting, settingNames, settingValues, withSetting } from '../settings.ts';
import { parseLimit } from './read-agent.ts';

export const status: Command = {
  name: 'status',
  aliases: ['dashboard'],
  modes: allModes,
  summary: 'the dashboard: agents, open actions, last actions',
  usage: 'status',
  examples: ['status'],
  run: (state, { args }) => {
    expectAtMost(args, 0);
    return [state, [{ kind: 'showDashboard' }]];
  },
};

export const actions: Command = {
  name: 'actions',
  aliases: [],
  modes: allModes,
  summary: 'list the actions of this case, newest first',
  usage: 'actions [PART OF THE NAME | STATUS] [--limit N]',
  examples: ['actions', 'actions passwd', 'actions inflight'],
  complete: () => [{ kind: 'words', words: ['inflight', 'completed', 'cancelled', '--limit'] }],
  run: (state, { args }) => {
    const at = args.indexOf('--limit');
    const limit = at < 0 ? 100 : parseLimit(args[at + 1] ?? '', 100);
    const text = (at < 0 ? args : args.toSpliced(at, 2)).join(' ');
    const isStatus = /^(pending|inflight|completed|cancelled|invalid)$/.test(text);
    const filter = text === '' ? {} : isStatus ? { status: text } : { name: `%${text.replaceAll('*', '%')}%` };
    return [state, [{ kind: 'showActions', filter: { ...filter, limit } }]];
  },
};

export const agents: Command = {
  name: 'agents',
  aliases: [],
  modes: allModes,
  summary: 'list the agents: those of this console, and those that answered earlier',
  usage: 'agents [PART OF THE NAME]',
  examples: ['agents', 'agents web'],
  run: (state, { args }) => {
    expectAtMost(args, 1);
    return [state, [{ kind: 'showAgents', filter: args[0] }]];
  },
};

export const history: Command = {
  name: 'history',
  aliases: [],
  modes: allModes,
  summary: 'the lines that were typed, newest first (a line that starts with a blank is not kept)',
  usage: 'history [N]',
  examples: ['history 20'],
  run: (state, { args }) => {
    expectAtMost(args, 1);
    return [state, [{ kind: 'showHistory', limit: parseLimit(args[0], 10) }]];
  },
};

export const set: Command = {
  name: 'set',
  aliases: ['showcfg'],
  modes: allModes,
  summary: 'show or change how results are shown',
  usage: 'set [matchonly on|off] [format FORMAT] [width N|auto] [colour on|off] [paging N|off]',
  examples: ['set', 'set matchonly off', 'set format table'],
  complete: (before) => [{ kind: 'words', words: before.length === 0 ? settingNames : settingValues(before[0] ?? '') }],
  run: (state, { args }) => {
    expectAtMost(args, 2);
    const [name, value] = args;
    if (name === undefined) {
      const lines = settingNames.map((one) => line(`${one.padEnd(9)}  ${formatSetting(state.settings, one)}`));
      return [state, [{ kind: 'print', lines: [...lines, line(`case       ${state.caseName}`)] }]];
    }
    if (value === undefined) {
      withSetting(state.settings, name, settingValues(name)[0] ?? '');
      throw usageError(`${name}: expected a value (${settingValues(name).join(', ')}), got none`);
    }
    const settings = withSetting(state.settings, name, value);
    return [{ ...state, settings }, [{ kind: 'saveSetting', name, value }]];
  },
};
