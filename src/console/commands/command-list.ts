/** Every command of the console: the one list that help, prefixes, suggestions and completion are made from. */
import type { Command } from '../command.ts';
import { alert, alerts } from './alerts.ts';
import { describe, limits, name, target, threat, times as draftTimes } from './draft-facts.ts';
import { json as draftJson, listagents, load, save, show } from './draft-files.ts';
import { add, edit, move, remove } from './draft-operations.ts';
import { createHelp } from './help.ts';
import { hosts } from './hosts.ts';
import { launch } from './launch.ts';
import { action, agent, command, create, drop, exit } from './navigate.ts';
import { notYet } from './not-yet.ts';
import { actions, agents, history, set, status } from './overview.ts';
import {
  cancel,
  copy,
  counters,
  details as actionDetails,
  follow,
  investigators,
  json as actionJson,
  ledger,
  list,
  times as actionTimes,
} from './read-action.ts';
import { details as agentDetails, json as agentJson, lastactions } from './read-agent.ts';
import { pivot } from './pivot.ts';
import { commandJson, exportResults, results } from './results.ts';
import { watch } from './watch.ts';
import { search } from './search.ts';

export const commands: readonly Command[] = [
  createHelp(() => commands),
  action,
  actionDetails,
  actionJson,
  actionTimes,
  actions,
  add,
  agent,
  agentDetails,
  agentJson,
  agents,
  alert,
  alerts,
  cancel,
  command,
  commandJson,
  copy,
  counters,
  create,
  describe,
  draftJson,
  draftTimes,
  drop,
  edit,
  exit,
  exportResults,
  follow,
  history,
  hosts,
  investigators,
  lastactions,
  launch,
  ledger,
  limits,
  list,
  listagents,
  load,
  move,
  name,
  pivot,
  remove,
  results,
  save,
  search,
  set,
  show,
  status,
  target,
  threat,
  watch,
  ...notYet,
];
