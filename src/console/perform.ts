/** The only place where the console acts: each effect is carried out, and may come to one event. */
import { ModuleError, type ErrorReport } from '../base/app-error.ts';
import { createParamsFromFields } from '../module/create-params.ts';
import { runCreator, type Question } from '../module/ask.ts';
import { readFlagFiles } from '../module/file-flags.ts';
import { zeroTime } from '../protocol/action.ts';
import { line } from '../module/line.ts';
import { setActionStatus } from '../store/actions.ts';
import { removeDraft, saveDraft } from '../store/drafts.ts';
import { readHistory } from '../store/history.ts';
import { saveSetting } from '../store/settings.ts';
import { requireModule } from './commands/draft-operations.ts';
import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import { acknowledge, keepAlert, showAlert, showAlerts } from './perform/alerts.ts';
import { print, printSafe, requireAction, tableWidth, type PerformContext } from './perform/context.ts';
import { findPivotsOf } from './perform/find-pivots-of.ts';
import { readActionFile, readTextFile, toDraft, writeTextFile } from './perform/files.ts';
import { addHosts, loadHosts, removeHost, showHosts } from './perform/hosts.ts';
import { cancel, launch } from './perform/launch.ts';
import {
  copyOf,
  describeActionHead,
  describeCommandHead,
  showAction,
  showActionJson,
  showActions,
  showCommandJson,
  showCommands,
  showCounters,
  showLedger,
  showList,
} from './perform/show-actions.ts';
import {
  describeAgent,
  requireAgent,
  showAgent,
  showAgents,
  showDashboard,
  showLastActions,
} from './perform/show-agents.ts';
import { exportResults, showResults } from './perform/show-results.ts';
import { expandTarget, showTarget } from './perform/targets.ts';
import { watch } from './perform/watch.ts';
import type { Place } from './state.ts';

/** Carries out one effect. Throws AppError for what could not be done. */
export type Perform = (effect: Effect) => Promise<Event | undefined>;

type Of<Kind extends Effect['kind']> = Effect & { readonly kind: Kind };
/** Effects that something follows from. */
type CausingKind =
  | 'ask'
  | 'createParams'
  | 'readFlags'
  | 'loadAction'
  | 'copyAction'
  | 'findPivots'
  | 'open'
  | 'launch'
  | 'showHits'
  | 'expandTarget'
  | 'keepAlert'
  | 'showAlerts'
  | 'acknowledgeAlerts';
type Act = (effect: Exclude<Effect, Of<CausingKind>>) => unknown;

export function createPerform(context: PerformContext, options: { readonly draftId: number | undefined }): Perform {
  const act = createAct(context, options);
  const { clock } = context;
  return async (effect) => {
    switch (effect.kind) {
      case 'ask': {
        const value = await ask(context, effect.question);
        return { kind: 'answered', topic: effect.topic, value, nowMs: clock.nowMs() };
      }
      case 'createParams':
        return createParams(context, effect);
      case 'loadAction': {
        const { action, notices } = await readActionFile(effect.path);
        const draft = toDraft(action, clock.nowMs());
        const ended = draft.expireafter !== action.expireafter && action.expireafter !== zeroTime;
        const said = ended ? [`its times ended at ${action.expireafter}: new ones are set at the launch`] : [];
        return { kind: 'draftMade', draft, notices: [...notices, ...said], nowMs: clock.nowMs() };
      }
      case 'readFlags': {
        const { fields } = requireModule(effect.module).params;
        return { ...effect, kind: 'flagsRead', flags: await readFlagFiles(fields, effect.flags, readTextFile) };
      }
      case 'copyAction':
        return { kind: 'draftMade', draft: copyOf(context, effect.action), notices: [], nowMs: clock.nowMs() };
      case 'findPivots': {
        const found = await findPivotsOf(context, effect.query);
        const { words, launch, query } = effect;
        return {
          kind: 'pivotsFound',
          action: query.action,
          found,
          words,
          launch,
          width: tableWidth(context),
          nowMs: clock.nowMs(),
        };
      }
      case 'open':
        return open(context, effect.place);
      case 'launch':
        return launch(context, effect);
      case 'showHits':
        return showHits(context, effect);
      case 'expandTarget':
        return { kind: 'targetExpanded', target: expandTarget(context, effect.target), nowMs: clock.nowMs() };
      case 'keepAlert':
        return keepAlert(context, effect);
      case 'showAlerts':
        return showAlerts(context, effect);
      case 'acknowledgeAlerts':
        return acknowledge(context, effect);
      default:
        await act(effect);
        return undefined;
    }
  };
}

function createAct(context: PerformContext, options: { readonly draftId: number | undefined }): Act {
  let { draftId } = options;
  const { store, clock, fleet } = context;
  return (effect) => {
    switch (effect.kind) {
      case 'print':
        return print(context, effect.lines);
      case 'printSafe':
        return printSafe(context, effect.texts);
      case 'fail':
        return printError(context, effect.error);
      case 'saveDraft':
        draftId = saveDraft(store, draftId, effect.draft, clock.nowMs());
        return draftId;
      case 'removeDraft':
        if (draftId !== undefined) removeDraft(store, draftId);
        draftId = undefined;
        return draftId;
      case 'saveSetting':
        saveSetting(store, effect.name, effect.value);
        return print(context, [line(`${effect.name} is ${effect.value}`)]);
      case 'writeFile':
        return writeFile(context, effect);
      case 'dispatch':
        return fleet.dispatch(effect.action, requireAction(context, effect.action).action);
      case 'watch':
        return watch(context, effect);
      case 'follow':
        return context.untilUnfollowed(effect.action);
      case 'cancel':
        return cancel(context, effect.action);
      case 'expire':
        return fleet.expire(effect.action);
      case 'addHosts':
        return addHosts(context, effect.hosts);
      case 'loadHosts':
        return loadHosts(context, effect.path);
      case 'removeHost':
        return removeHost(context, effect.name);
      case 'finishAction':
        return setActionStatus(store, effect.action, effect.status, clock.nowMs());
      default:
        return show(context, effect);
    }
  };
}

type ShowKind = Exclude<Effect['kind'] & (`show${string}` | 'export'), CausingKind>;

function show(context: PerformContext, effect: Of<ShowKind>): unknown {
  switch (effect.kind) {
    case 'showResults':
      return showResults(context, effect.query);
    case 'export':
      return exportResults(context, effect.query, effect);
    case 'showList':
      return showList(context, effect.query);
    case 'showLedger':
      return showLedger(context, effect.action);
    case 'showCounters':
      return showCounters(context, effect.action);
    case 'showAction':
      return showAction(context, effect.action, effect.facts);
    case 'showActionJson':
      return showActionJson(context, effect.action, effect.pack);
    case 'showCommandJson':
      return showCommandJson(context, effect.action, effect.n);
    case 'showActions':
      return showActions(context, effect.filter);
    case 'showCommands':
      return showCommands(context, effect.filter);
    case 'showAgents':
      return showAgents(context, { ...effect, name: effect.filter });
    case 'showAgent':
      return showAgent(context, effect.agent, effect.facts);
    case 'showLastActions':
      return showLastActions(context, effect.agent, effect.limit);
    case 'showHosts':
      return showHosts(context);
    case 'showDashboard':
      return showDashboard(context);
    case 'showTarget':
      return showTarget(context, effect.target, effect);
    case 'showAlert':
      return showAlert(context, effect);
    case 'showHistory':
      return showHistory(context, effect.limit);
  }
}

function showHistory(context: PerformContext, limit: number): void {
  print(
    context,
    readHistory(context.store, limit)
      .toReversed()
      .map((text) => line(text)),
  );
}

async function writeFile(context: PerformContext, effect: Of<'writeFile'>): Promise<void> {
  await writeTextFile(effect.path, effect.text, effect.force);
  print(context, [line(`written to ${effect.path}`, 'good')]);
}

async function ask(context: PerformContext, question: Question): Promise<unknown> {
  const answer = await context.screen.answerer.answer(question);
  if (answer.kind === 'value') return answer.value;
  throw new ModuleError('QUESTION_CANCELLED', `the question was left without an answer: ${question.message}`);
}

async function createParams(
  context: PerformContext,
  effect: Effect & { readonly kind: 'createParams' },
): Promise<Event> {
  const module = requireModule(effect.module);
  const creator = (await module.loadParamsCreator()) ?? createParamsFromFields(module.params);
  const parameters = await runCreator(creator, context.screen.answerer, effect.previous, readTextFile);
  return { kind: 'paramsMade', module: module.name, parameters, at: effect.at };
}

function open(context: PerformContext, place: Place): Event {
  if (place.mode === 'action') print(context, describeActionHead(context, place.action));
  if (place.mode === 'command') print(context, describeCommandHead(context, place.action, place.n));
  if (place.mode !== 'agent') return { kind: 'opened', place };
  const agent = requireAgent(context, place.agent);
  print(context, describeAgent(context, agent));
  return { kind: 'opened', place: { mode: 'agent', agent: agent.name } };
}

/** The newest hits for the live block; a fragment that breaks its printer is left to `results`, which says so. */
async function showHits(
  context: PerformContext,
  effect: Effect & { readonly kind: 'showHits' },
): Promise<Event | undefined> {
  const { action, agent, operation, elements } = effect;
  const name = requireAction(context, action).action.operations[operation]?.module ?? '';
  const printer = await context.findModule(name)?.loadPrinter();
  try {
    const fragment = { foundanything: true, success: true, elements, statistics: null, errors: null };
    const lines = printer?.printResults(fragment, { matchOnly: true }) ?? [];
    return {
      kind: 'hitsShown',
      action,
      lines: lines.slice(-5).map(({ text }) => line(`${agent} ${text}`, 'hit')),
    };
  } catch {
    // Hostile elements: the result, when it comes, is shown raw and with the reason.
    return undefined;
  }
}

function printError(context: PerformContext, { message, hint }: ErrorReport): void {
  const lines = [line(message, 'error'), line(hint, 'quiet')];
  if (context.screen.printError) context.screen.printError(lines);
  else print(context, lines);
}
