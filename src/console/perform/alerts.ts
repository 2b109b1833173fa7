/** Alerts: kept as they come, shown, acknowledged. */
import { ConsoleError, reportOf } from '../../base/app-error.ts';
import { line, type Cell, type Line } from '../../module/line.ts';
import { readAlertMessage } from '../../protocol/alert.ts';
import {
  acknowledgeAlerts,
  countAlerts,
  countDropped,
  countUnacknowledged,
  listAlerts,
  storeAlert,
  type StoredAlert,
} from '../../store/alerts.ts';
import { explainStoreFailure } from '../../store/open-store.ts';
import { agentName } from '../agent-words.ts';
import { maxNewsLength, toneOfSeverity, type AlertNews } from '../alert-feed.ts';
import type { Effect } from '../effect.ts';
import type { Event } from '../event.ts';
import { formatFields, formatTime } from '../format-action.ts';
import { applyPipes } from '../pipes.ts';
import { formatJson } from '../results/write-format.ts';
import { formatTable } from '../table.ts';
import { print, printSafe, tableWidth, type PerformContext } from './context.ts';

type Of<Kind extends Effect['kind']> = Effect & { readonly kind: Kind };

/** Keeps an alert before anybody sees it, and tells its agent so. Undefined for one that came before. */
export function keepAlert(context: PerformContext, { target, agent, alert }: Of<'keepAlert'>): Event | undefined {
  const { store, clock, fleet } = context;
  const known = context.state().agents.find((one) => one.target === target);
  const name = known ? agentName(known) : target;
  const nowMs = clock.nowMs();
  const { severity, text } = readAlertMessage(alert.message);
  const news = { agent: name, module: alert.module, severity, text: text.slice(0, maxNewsLength) };
  try {
    const change = storeAlert(store, { id: agent, name }, alert, nowMs);
    fleet.find(target)?.confirmAlerts(alert.n);
    if (!change) return undefined;
    return { kind: 'alertKept', news: { ...news, id: change.id }, unacknowledged: change.unacknowledged, nowMs };
  } catch (error) {
    // A full disk: it is shown, and stays with the agent, which was not told that it is kept here.
    const { message } = reportOf(explainStoreFailure(error, store));
    const said: AlertNews = { ...news, id: undefined, text: `${news.text} (${message})` };
    return { kind: 'alertKept', news: said, unacknowledged: 0, nowMs };
  }
}

/** Of an alert's text in a list; "alert ID" shows all of it. */
const maxListedLength = 1000;
const columns = ['id', 'at', 'agent', 'module', 'severity', 'new', 'alert'];

export async function showAlerts(context: PerformContext, { filter, format, pipes }: Of<'showAlerts'>): Promise<Event> {
  const { store } = context;
  await context.untilAlertsCame();
  const found = listAlerts(store, filter);
  const passed: (StoredAlert | number)[] = [];
  const items = applyPipes<StoredAlert | number>(found, pipes, {
    textOf: (item) => (typeof item === 'number' ? String(item) : toCells(item).join('  ')),
    countItem: (count) => count,
  });
  for await (const item of items) passed.push(item);
  const alerts = passed.filter((item) => typeof item !== 'number');
  const counts = passed.filter((item) => typeof item === 'number');
  if (format === 'json') printSafe(context, formatJson(alerts.map(toJson), 2).split('\n'));
  else if (format === 'jsonl')
    printSafe(
      context,
      alerts.flatMap((alert) => formatJson(toJson(alert)).split('\n')),
    );
  else if (counts.length > 0)
    print(
      context,
      counts.map((count) => line(String(count))),
    );
  else if (alerts.length === 0) print(context, [line('no alert', 'quiet')]);
  else {
    const rows = alerts.map(toCells);
    const [head, ...lines] = formatTable(columns, rows, { width: tableWidth(context) });
    const coloured = lines.map((one, at) => line(one.text, toneOfSeverity[alerts[at]?.severity ?? 'unknown']));
    print(context, [...(head ? [head] : []), ...coloured, ...describeRest(context, filter, found.length)]);
  }
  return { kind: 'alertsCounted', unacknowledged: countUnacknowledged(store) };
}

function describeRest(context: PerformContext, filter: Of<'showAlerts'>['filter'], shown: number): readonly Line[] {
  const all = countAlerts(context.store, filter);
  const dropped = countDropped(context.store);
  return [
    ...(all > shown ? [line(`${shown} of ${all}: --limit N shows more`, 'quiet')] : []),
    ...(dropped > 0 ? [line(`${dropped} older ones were dropped: an agent's newest are kept`, 'warning')] : []),
  ];
}

/** Throws ConsoleError ID_UNKNOWN. */
export function showAlert(context: PerformContext, { id, json }: Of<'showAlert'>): void {
  const [alert] = listAlerts(context.store, { id, limit: 1 });
  if (!alert) throw new ConsoleError('ID_UNKNOWN', `case ${context.state().caseName} has no alert ${id}`);
  const message = formatJson(toJson(alert), 2).split('\n');
  if (json) return printSafe(context, message);
  print(context, [
    line(`alert ${alert.id} of ${alert.agentName}`, 'heading'),
    ...formatFields([
      ['module', alert.module],
      ['severity', alert.severity],
      ['at', alert.at],
      ['received', formatTime(alert.receivedMs)],
      ['acknowledged', alert.acknowledgedMs === undefined ? 'no' : formatTime(alert.acknowledgedMs)],
      ['agent', `${alert.agentName} (${alert.agent}), its alert ${alert.n}`],
      ['alert', alert.text],
    ]),
  ]);
  printSafe(context, formatJson(messageOf(alert), 2).split('\n'));
}

export function acknowledge(context: PerformContext, { ids }: Of<'acknowledgeAlerts'>): Event {
  const { store, clock } = context;
  const nowMs = clock.nowMs();
  const missing = (ids ?? []).filter((id) => countAlerts(store, { id }) === 0);
  if (missing.length > 0) {
    throw new ConsoleError('ID_UNKNOWN', `case ${context.state().caseName} has no alert ${missing.join(', ')}`);
  }
  const done = ids
    ? ids.reduce((sum, id) => sum + acknowledgeAlerts(store, { id }, nowMs), 0)
    : acknowledgeAlerts(store, {}, nowMs);
  print(context, [line(`${done} alert${done === 1 ? '' : 's'} acknowledged`)]);
  return { kind: 'alertsCounted', unacknowledged: countUnacknowledged(store) };
}

function toCells(alert: StoredAlert): readonly Cell[] {
  const { id, at, agentName, module, severity, acknowledgedMs, text } = alert;
  return [
    id,
    at,
    agentName,
    module,
    severity,
    acknowledgedMs === undefined ? 'new' : '',
    text.slice(0, maxListedLength),
  ];
}

function toJson(alert: StoredAlert): Readonly<Record<string, unknown>> {
  const { id, agent, agentName, n, module, at, severity, receivedMs, acknowledgedMs } = alert;
  return {
    id,
    agent,
    name: agentName,
    n,
    module,
    at,
    severity,
    message: messageOf(alert),
    received: formatTime(receivedMs),
    acknowledged: acknowledgedMs === undefined ? null : formatTime(acknowledgedMs),
  };
}

/** The message as the JSON that it mostly is. */
function messageOf({ message }: StoredAlert): unknown {
  try {
    return JSON.parse(message);
  } catch {
    // A module may write any text.
    return message;
  }
}
