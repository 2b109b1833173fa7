/** Agents on other hosts: which there are, and how they are reached. */
import { expectAtMost, usageError, type Command, type CompletionSource, type Step } from '../command.ts';
import type { State } from '../state.ts';
import { parseHost } from './parse-host.ts';

const words = ['add', 'remove', 'load'] as const;

export const hosts: Command = {
  name: 'hosts',
  aliases: [],
  modes: ['base', 'launcher', 'action', 'command', 'agent'],
  summary: 'list, add and remove the hosts whose agents are reached by ssh, docker or kubectl',
  usage:
    'hosts | hosts add NAME [DESTINATION] [TAG=VALUE ...] [--agent PATH] | hosts remove NAME | hosts load FILE   (DESTINATION: what ssh takes, docker:CONTAINER, kubectl:[NAMESPACE/]POD[:CONTAINER]; the name unless said)',
  examples: [
    'hosts add web1',
    'hosts add db root@192.0.2.7 role=db site=berlin --agent /opt/gumshoe/bin/gumshoe-agent',
    'hosts add box docker:nginx',
    'hosts add pod kubectl:shop/cart-0:app',
    'hosts load fleet.txt   (one host a line, written as behind "hosts add"; # begins a comment)',
    'hosts remove web1',
  ],
  complete: (before, state) => completeHosts(before, state),
  run: (state, { args }) => runHosts(state, args),
};

function runHosts(state: State, [word, ...rest]: readonly string[]): Step {
  switch (word) {
    case undefined:
      return [state, [{ kind: 'showHosts' }]];
    case 'add':
      return [state, [{ kind: 'addHosts', hosts: [parseHost(rest)] }]];
    case 'remove': {
      expectAtMost(rest, 1);
      const [name] = rest;
      if (name === undefined) throw usageError('expected the name of a host, got none');
      return [state, [{ kind: 'removeHost', name }]];
    }
    case 'load': {
      expectAtMost(rest, 1);
      const [path] = rest;
      if (path === undefined) throw usageError('expected the path of a file with one host a line, got none');
      return [state, [{ kind: 'loadHosts', path }]];
    }
    default:
      throw usageError(`expected nothing, ${words.join(', ')}, got ${JSON.stringify(word.slice(0, 100))}`);
  }
}

function completeHosts(before: readonly string[], state: State): readonly CompletionSource[] {
  const [word] = before;
  if (word === undefined) return [{ kind: 'words', words }];
  if (word === 'load' && before.length === 1) return [{ kind: 'paths' }];
  if (word === 'add' && before.length > 1) return [{ kind: 'words', words: ['--agent', 'docker:', 'kubectl:'] }];
  if (word !== 'remove' || before.length > 1) return [];
  return [{ kind: 'words', words: state.agents.map(({ target }) => target).filter((target) => target !== 'local') }];
}
