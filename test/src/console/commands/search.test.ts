import { describe, expect, test } from 'vitest';
import { parseSearch } from '../../../../src/console/commands/search.ts';
import { splitWords } from '../../../../src/console/words.ts';

const search = (line: string) => parseSearch(splitWords(line).map(({ text }) => text));

describe('a search in the grammar of MIG', () => {
  test('finds actions, with values that hold blanks and equals signs', () => {
    expect(search('action where name="find a=b" and status=completed and limit=10')).toEqual({
      kind: 'showActions',
      filter: { name: 'find a=b', status: 'completed', limit: 10 },
    });
    expect(search('action where actionname=find* agentname=web% after=2026-11-21T07:00:00Z')).toEqual({
      kind: 'showActions',
      filter: { name: 'find%', agent: 'web%', afterMs: 1795244400000, limit: 100 },
    });
  });

  test('finds agents by their version, and commands of an action by their status', () => {
    expect(search('agent where agentversion=0.1.* and name=web')).toEqual({
      kind: 'showAgents',
      filter: 'web',
      version: '0.1.%',
    });
    expect(search('agent where version=0.1')).toMatchObject({ version: '0.1' });
    expect(search('command where actionid=12 and status=failed')).toEqual({
      kind: 'showCommands',
      filter: { action: 12, status: 'failed', limit: 100 },
    });
    expect(search('command where commandid=12.3')).toMatchObject({ filter: { action: 12, n: 3 } });
  });

  test.each([
    ['acton where name=x', 'expected action, agent, command, got "acton": did you mean action?'],
    ['action', 'expected where behind action, got nothing'],
    ['action were name=x', 'expected where behind action, got "were"'],
    ['action where', 'expected KEY=VALUE behind where, got nothing'],
    ['action where name', 'expected KEY=VALUE, got "name"'],
    ['action where name=', 'name: expected a value, got nothing'],
    [
      'agent where vrsion=1',
      'expected a key of agent (name, agentname, version, agentversion, status, limit), got "vrsion": did you mean version?',
    ],
    ['action where after=yesterday', 'after: expected a time like 2026-11-21T07:00:00Z, got "yesterday"'],
    ['action where limit=0', 'limit: expected a number from 1, got "0"'],
  ])('%s is refused', (line, message) => {
    expect(() => search(line)).toThrow(expect.objectContaining({ code: 'SEARCH_INVALID', message }));
  });

  test('says what this version has none of', () => {
    expect(() => search('loader where name=x')).toThrow(expect.objectContaining({ code: 'NOT_YET' }));
  });
});
