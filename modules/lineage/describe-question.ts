/** A question in words, as it was understood: times resolved, so that who asked sees what was meant. */
import type { Params } from './params.ts';
import { formatTime, type Window } from './window.ts';

export function describeQuestion(params: Params, { atMs, fromMs, untilMs }: Window): string {
  const { pids, ids, names, commands, under, wrote, changes, exited, failed, users, logins, container } = params;
  const list = (values: readonly string[] | undefined, before: string): readonly string[] =>
    values && values.length > 0 ? [`${before} ${values.join(' or ')}`] : [];
  const words = [
    ...list(pids, 'pid'),
    ...list(ids, 'id'),
    ...list(names, 'name'),
    ...list(commands, 'command'),
    ...(wrote === undefined
      ? list(changes, 'that have files')
      : [`that have ${(changes ?? ['changed']).join(' or ')} ${wrote}`]),
    ...list(exited, 'that ended with'),
    ...(failed === true ? ['that failed'] : []),
    ...list(users, 'as user'),
    ...list(logins, 'of the login'),
    ...(container === undefined ? [] : [container === '*' ? 'in a container' : `in the container ${container}`]),
    ...(under === undefined ? [] : [`under ${under}`]),
  ];
  const times = describeTime(atMs, fromMs, untilMs);
  const isOfState = words.length === 0 && (params.gaps === true || params.status === true || times.length === 0);
  const what = params.gaps === true && params.status !== true ? 'gaps' : 'status';
  return [isOfState ? what : `processes${words.length > 0 ? ':' : ''}`, [...words, ...times].join(', ')]
    .filter((part) => part !== '')
    .join(' ');
}

function describeTime(
  atMs: number | undefined,
  fromMs: number | undefined,
  untilMs: number | undefined,
): readonly string[] {
  if (atMs !== undefined) return [`as of ${formatTime(atMs)}`];
  return [
    ...(fromMs === undefined ? [] : [`from ${formatTime(fromMs)}`]),
    ...(untilMs === undefined ? [] : [`until ${formatTime(untilMs)}`]),
  ];
}
