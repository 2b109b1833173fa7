import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requireAction } from '../../../src/console/perform/context.ts';
import { requireAgent } from '../../../src/console/perform/show-agents.ts';
import { findAction } from '../../../src/store/actions.ts';
import type { AgentInfo } from '../../../src/protocol/agent-info.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { agentInfo, createFakeLink, hostnameResult, type FakeLink } from '../../helpers/fake-link.ts';
import { createTestConsole } from '../../helpers/test-console.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gumshoe-console-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An agent that answers every action at once. */
function answering(hostname = 'alpha'): FakeLink {
  return createFakeLink('local', {
    onDispatch: (link) => {
      link.report({ kind: 'accepted' });
      link.report(hostnameResult(hostname));
      link.report({ kind: 'done', status: 'success' });
    },
  });
}

const draft = ['create action', 'name who', 'target local', 'add example -gethostname'];

describe('an action from draft to results', () => {
  test('is launched, followed, read and exported', async () => {
    const link = answering();
    const { type, printed, errors } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch');
    expect(link.dispatched[0]?.action).toMatchObject({ name: 'who', target: 'local', syntaxversion: 2 });
    expect(printed).toContain("action 1 'who' is launched on 1 agent");
    expect(await type('results')).toEqual(['web-01 hostname is alpha', '1 agent, operations: 1 found']);
    expect(await type('results all')).toEqual([
      'web-01 hostname is alpha',
      'web-01 stat: 1 stuff found',
      'web-01 operation 1 (example): found',
      '1 agent, operations: 1 found',
    ]);
    expect(await type('results | count')).toEqual(['1']);
    expect(await type('results table')).toEqual([
      'agent   operation  module   what      value',
      'web-01  1          example  hostname  alpha',
      '1 agent, operations: 1 found',
    ]);
    const path = join(folder, 'found.csv');
    await type(`export csv ${path}`);
    expect(readFileSync(path, 'utf8')).toBe(
      'agent,operation,module,what,name,value\nweb-01,1,example,hostname,,alpha\n',
    );
    await type(`export csv ${path}`);
    expect(errors[0]).toBe(`${path} exists already`);
    await type('command 1', 'results', 'exit', 'exit', 'exit');
    expect(printed).toContain('hostname is alpha');
  });

  test('is read by the words of its reader', async () => {
    const { type } = createTestConsole({ links: [answering()], answers: [true] });
    await type(...draft, 'launch');
    expect(await type('counters')).toEqual(['action 1 is completed', 'commands: sent 1, done 1, success 1']);
    expect(await type('list found')).toEqual([
      '     1.1  web-01 [id-web-01] success found',
      '1 agent: 1 found something, 0 nothing',
    ]);
    expect((await type('ledger')).at(-1)).toBe('1 agent: 1 success');
    expect((await type('ledger'))[1]).toMatch(/^1\.1 {2}web-01 {2}success {2}found/);
    expect((await type('json pack'))[0]).toMatch(/^\{"name":"who","target":"local"/);
    expect((await type('details')).join('\n')).toContain('status        completed');
    expect((await type('times')).at(-1)).toMatch(/^finished: /);
    expect((await type('investigators'))[0]).toMatch(/not signed/);
    expect((await type('command 1', 'json')).join('')).toContain('"hostname": "alpha"');
    expect((await type('agent web-01', 'lastactions')).at(-1)).toMatch(/^1\.1 {2}who/);
    expect((await type('json'))[0]).toMatch(/^\{"id":"id-web-01"/);
    expect((await type('actions who'))[1]).toMatch(/^1 {3}who {2,}local/);
    expect(await type('actions inflight')).toEqual(['no action']);
    expect((await type('status'))[0]).toBe('agents online: 1 (1 of 0.1.0): web-01');
  });

  test('says before its launch where it cannot be answered, and what would help', async () => {
    const agent: AgentInfo = {
      ...agentInfo('web-01'),
      mode: 'daemon',
      persistent: [
        { name: 'lineage', phase: 'disabled', restarts: 0 },
        { name: 'fswatch', phase: 'healthy', restarts: 0 },
      ],
    };
    const link = createFakeLink('local', { agent });
    const { type } = createTestConsole({ links: [link], answers: [false] });
    const said = await type(...draft, 'add fswatch', 'add lineage -name sshd', 'launch');
    expect(said.filter((text) => text.startsWith('web-01: '))).toEqual([
      'web-01: its lineage is not enabled: "persistent: {lineage: {enabled: true}}" in its configuration (/etc/gumshoe/agent.yaml) and "gumshoe-agent -q restart"; it knows what happens from then on',
    ]);
  });

  test('is copied with everything but its launch', async () => {
    const { type, program } = createTestConsole({ links: [answering()], answers: [true] });
    await type(...draft, 'limits timeout 30s', 'launch', 'copy');
    expect(program.state().draft).toMatchObject({
      name: 'who',
      target: 'local',
      limits: { timeoutMs: 30_000 },
      validfrom: '0001-01-01T00:00:00Z',
    });
  });
});

describe('the questions of a module', () => {
  const questions = [['hostname'], ''];

  test('come to an operation that is shown before it is added', async () => {
    const { type, program, asked } = createTestConsole({ answers: [...questions, 'add'] });
    const printed = await type('create action', 'add example');
    expect(program.state().draft?.operations).toEqual([
      { module: 'example', parameters: { gethostname: true, getaddresses: false } },
    ]);
    expect(printed.join('\n')).toContain('"gethostname": true');
    expect(asked.at(-1)?.message).toBe('Add this operation?');
  });

  test('may be gone through again, or dropped', async () => {
    const { type, program } = createTestConsole({
      answers: [...questions, 'edit again', ['addresses'], '', 'drop', 'cancel'],
    });
    await type('create action', 'add example');
    expect(program.state().draft?.operations).toEqual([]);
    await type('add example');
    expect(program.state().draft?.operations).toEqual([]);
    expect(program.state().hasFailed).toBe(true);
  });

  test('change an operation with its values as proposals', async () => {
    const { type, program, asked } = createTestConsole({ answers: [['addresses'], '', 'change'] });
    await type('create action', 'add example -gethostname', 'edit 1');
    expect(asked[0]).toMatchObject({ initial: ['hostname'] });
    expect(program.state().draft?.operations).toEqual([
      { module: 'example', parameters: { gethostname: false, getaddresses: true } },
    ]);
  });
});

describe('an action that does not go well', () => {
  test('shows why an agent refused it', async () => {
    const error = { code: 'ACTION_INVALID', message: 'expected a name', hint: 'Name it.' };
    const link = createFakeLink('local', { onDispatch: (one) => one.report({ kind: 'refused', error }) });
    const { type, printed } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch');
    expect(printed).toContain('web-01 refused action 1: expected a name');
    expect(await type('results')).toEqual([
      '1 agent, operations: 0 found, 1 failed: "results all" shows why',
      '  web-01 expected a name (Name it.)',
    ]);
    expect((await type('results notfound'))[0]).toBe(
      'web-01 operation 1 (example) did not succeed, status=failed: expected a name (Name it.)',
    );
    expect((await type('ledger'))[1]).toContain('expected a name (Name it.)');
  });

  test('fails with the reason when its agent dies, and keeps what was shown', async () => {
    const link = createFakeLink('local', {
      onDispatch: (one) => {
        one.report({ kind: 'hits', operation: 0, elements: { hostname: 'early' } });
        one.lose('the agent ended with status 9');
      },
    });
    const { type, printed } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch');
    expect(printed).toContain('web-01 did not succeed, status=failed: the agent ended with status 9');
    expect(await type('results')).toEqual([
      'web-01 hostname is early',
      '1 agent, operations: 1 found, 1 stopped before the end: "results all" shows why',
    ]);
    expect((await type('status')).join('\n')).toContain('not running: the agent ended with status 9;');
  });

  test('leaves the draft when no agent can be reached', async () => {
    const link = createFakeLink('local', { unreachable: 'the agent local could not be started' });
    const { type, program, errors } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch');
    expect(errors[0]).toBe('the agent local could not be started');
    expect(program.snapshot().prompt).toBe('launcher>');
    expect(program.state().draft?.operations).toHaveLength(1);
  });

  test('is stored once, whatever its agent repeats', async () => {
    const link = createFakeLink('local', {
      onDispatch: (one) => {
        for (const n of [1, 1, 1]) one.report({ kind: 'hits', operation: 0, elements: { hostname: 'x' } }, { n });
        one.report({ kind: 'done', status: 'success' });
        one.report(hostnameResult('forged'), { ref: 'of another action' });
      },
    });
    const { type } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch');
    expect((await type('results'))[0]).toBe('web-01 hostname is x');
  });

  test('may not fill the case with hits: beyond a limit they wait for the result', async () => {
    const hit = { hostname: 'x'.repeat(1024 * 1024) };
    const link = createFakeLink('local', {
      onDispatch: (one) => {
        for (let n = 0; n < 20; n++) one.report({ kind: 'hits', operation: 0, elements: hit });
        one.report({ kind: 'done', status: 'failed' });
      },
    });
    const { type } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch');
    expect((await type('results | grep hostname | count'))[0]).toBe('7');
  });

  test('does not fall over elements that break its printer', async () => {
    const link = createFakeLink('local', {
      onDispatch: (one) => {
        const hostile = { lookeduphost: { a: 7 } };
        one.report({ kind: 'hits', operation: 0, elements: hostile });
        one.report({ ...hostnameResult('x'), result: { ...hostnameResult('x').result, elements: hostile } });
        one.report({ kind: 'done', status: 'success' });
      },
    });
    const { type } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch');
    const [first, second] = await type('results');
    expect(first).toMatch(/^web-01 the result of example cannot be printed: /);
    expect(second).toBe('web-01 raw: {"lookeduphost":{"a":7}}');
    expect((await type('results table')).join('\n')).toContain('{"lookeduphost":{"a":7}}');
  });
});

describe('what does not exist', () => {
  test('is named, with the nearest that does', () => {
    const { program } = createTestConsole({ links: [createFakeLink('local')] });
    expect(() => requireAction(program.context, 7)).toThrow(
      expect.objectContaining({ code: 'ID_UNKNOWN', message: 'case default has no action 7' }),
    );
    expect(() => requireAgent(program.context, 'loca')).toThrow(
      expect.objectContaining({ code: 'ID_UNKNOWN', message: 'no agent is called "loca": did you mean local?' }),
    );
  });

  test('leaves the investigator where he was', async () => {
    const { type, program, errors } = createTestConsole({ links: [answering()], answers: [true] });
    await type(...draft, 'launch', 'command 2', 'action 9', 'agent nobody', 'results 9');
    expect(program.snapshot().prompt).toBe('action 1>');
    expect(errors.filter((_, at) => at % 2 === 0)).toEqual([
      'action 1 went to 1 agent, it has no command 1.2',
      'case default has no action 9',
      'no agent is called "nobody"',
      'case default has no action 9',
    ]);
  });
});

describe('long results', () => {
  /** An agent that found 3000 names. */
  const many = (): FakeLink =>
    createFakeLink('local', {
      onDispatch: (link) => {
        const addresses = Array.from({ length: 3000 }, (_, at) => `192.0.2.${at}`);
        const result = { ...hostnameResult('x').result, elements: { addresses } };
        link.report({ ...hostnameResult('x'), result });
        link.report({ kind: 'done', status: 'success' });
      },
    });

  test('stop when they are interrupted', async () => {
    const { type, program, printed } = createTestConsole({
      links: [many()],
      answers: [true],
      onPrint: (texts) => texts.includes('web-01 address is 192.0.2.0') && program.interrupt(),
    });
    await type(...draft, 'launch', 'results');
    expect(printed.at(-1)).toBe('stopped: more results are in the case');
    expect(printed).not.toContain('web-01 address is 192.0.2.2999');
  });

  test('ask after every page when paging is set', async () => {
    const { type } = createTestConsole({ links: [many()], answers: [true, true, false], width: 100 });
    await type(...draft, 'launch', 'set paging 50');
    expect(await type('results')).toHaveLength(100);
  });

  test('are never paged in a script, which has nobody to ask', async () => {
    const { type } = createTestConsole({ links: [many()], answers: [true] });
    await type(...draft, 'launch', 'set paging 50');
    expect((await type('results')).length).toBeGreaterThan(1000);
  });
});

describe('following', () => {
  test('is left by an interrupt, goes on behind it, and is returned to', async () => {
    const link = createFakeLink('local');
    const { type, program, printed } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft);
    const launched = program.line('launch');
    await waitFor('the live block', () => program.snapshot().follow);
    link.report({ kind: 'accepted' });
    link.report({ kind: 'progress', operation: 0, examined: 40, found: 1 });
    link.report({ kind: 'hits', operation: 0, elements: { hostname: 'early' } });
    await waitFor('the hit', () => (program.snapshot().follow?.newest.length ?? 0) > 0);
    expect(program.snapshot().follow).toMatchObject({
      title: 'action 1 who',
      sent: 1,
      done: 0,
      silent: 0,
      examined: 40,
      newest: [{ tone: 'hit', text: 'web-01 hostname is early' }],
    });
    program.interrupt();
    await launched;
    expect(printed).toContain('action 1 goes on: "follow 1" returns to it, "cancel 1" stops it');
    expect(program.snapshot()).toMatchObject({ prompt: 'action 1>', follow: undefined, busy: undefined });

    const followed = program.line('follow');
    await waitFor('the live block', () => program.snapshot().follow);
    link.report(hostnameResult('early'));
    link.report({ kind: 'done', status: 'success' });
    await followed;
    expect(program.snapshot().follow).toBeUndefined();
    expect(await type('results')).toEqual(['web-01 hostname is early', '1 agent, operations: 1 found']);
    await program.close();
  });

  test('ends when the action is cancelled; what was found is kept', async () => {
    const link = createFakeLink('local', {
      onCancel: (one) => {
        one.report({ ...hostnameResult('part'), status: 'cancelled', partial: true });
        one.report({ kind: 'done', status: 'cancelled' });
      },
    });
    const { type, printed, store } = createTestConsole({ links: [link], answers: [true] });
    await type(...draft, 'launch nofollow', 'cancel 1');
    expect(printed).toContain('1 agent is asked to stop action 1: what they found until then is kept');
    expect(findAction(store, 1)?.status).toBe('cancelled');
    expect(await type('results')).toEqual([
      'web-01 hostname is part',
      '1 agent, operations: 1 found, 1 failed, 1 stopped before the end: "results all" shows why',
    ]);
    expect((await type('cancel'))[0]).toBe('action 1 is cancelled: there is nothing to cancel');
  });

  test('ends when the time is over, and a late answer is announced', async () => {
    let nowMs = Date.parse('2026-11-21T07:00:00Z');
    const link = createFakeLink('local');
    const { type, program, printed } = createTestConsole({ links: [link], answers: [true], nowMs: () => nowMs });
    await type(...draft);
    const launched = program.line('launch');
    await waitFor('the live block', () => program.snapshot().follow);
    nowMs += 371_000;
    await launched;
    expect(printed).toContain('web-01 did not succeed, status=expired: no answer before the action expired');
    link.report(hostnameResult('late'));
    link.report({ kind: 'done', status: 'success' });
    await waitFor('the announcement', () => printed.some((text) => text.startsWith('late answer of web-01')));
    expect(await type('results')).toEqual(['web-01 hostname is late', '1 agent, operations: 1 found']);
    expect(await type('counters')).toContain('commands: sent 1, done 1, success 1');
    await program.close();
  });
});

describe('action files', () => {
  test('of the field load, keep their text, and are saved again', async () => {
    const { type, program } = createTestConsole({ answers: [false] });
    await type('load test/fixtures/actions/none.json', 'load /nowhere.json');
    expect(program.snapshot().prompt).toBe('gumshoe>');
    const source = join(folder, 'a.json');
    const target = join(folder, 'b.json');
    writeFileSync(
      source,
      JSON.stringify({
        name: 'old',
        target: "agents.queueloc like 'linux.%'",
        description: { revision: 201402071130.5 },
        operations: [{ module: 'file', parameters: { searches: { s: { paths: ['/etc'], names: ['\\.conf$'] } } } }],
        validfrom: '0001-01-01T00:00:00Z',
        syntaxversion: 2,
        unheardof: 1,
      }),
    );
    const printed = await type(`load ${source}`);
    expect(printed[0]).toBe("draft 'old' for agents.queueloc like 'linux.%'");
    expect(printed.at(-1)).toContain('unheardof');
    await type(`save ${target}`);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({
      target: "agents.queueloc like 'linux.%'",
      operations: [{ parameters: { searches: { s: { names: ['\\.conf$'] } } } }],
    });
    await type(`load ${source}`);
    expect(program.state().draft?.name).toBe('old');
  });

  test('that cannot be used leave mode and draft as they were', async () => {
    const { type, program, errors } = createTestConsole();
    writeFileSync(join(folder, 'bad.json'), '{"name": ');
    writeFileSync(join(folder, 'big.json'), '[]');
    await type('create action', 'name keep', `load ${folder}/bad.json`, `load ${folder}/none.json`, `load ${folder}`);
    expect(program.state().draft?.name).toBe('keep');
    expect(program.snapshot().prompt).toBe('launcher>');
    expect(errors.filter((_, at) => at % 2 === 0)).toEqual([
      expect.stringMatching(/^expected an action as JSON: /),
      `expected an action file, got ${folder}/none.json: ENOENT: no such file or directory`,
      `expected an action file, got ${folder}: it is no regular file`,
    ]);
    await type(`save ${folder}/no/such/a.json`);
    expect(errors.at(-2)).toMatch(/^expected to write .*ENOENT/);
  });
});

describe('a console that ends', () => {
  test('is followed by one that knows its lines, settings and draft', async () => {
    const path = join(folder, 'case.db');
    const first = createTestConsole({ store: openStore(path) });
    await first.type('set matchonly off', 'set format jsonl', ' name secret', 'create action', 'name kept');
    await first.program.close();
    const store = openStore(path);
    // The first console is this very process: as if it had ended.
    store.database.exec("UPDATE owner SET start = 'of another process' WHERE id = 1");
    const second = createTestConsole({ store });
    expect(second.printed).toEqual(['draft \'kept\' with 0 operations: "create action" resumes it, "drop" removes it']);
    expect(second.program.history()).toEqual(['set matchonly off', 'set format jsonl', 'create action', 'name kept']);
    expect((await second.type('set')).slice(0, 2)).toEqual(['matchonly  off', 'format     jsonl']);
    await second.type('create action');
    expect(second.program.state().draft?.name).toBe('kept');
    await second.program.close();
  });

  test('stops what still runs and keeps what it had found', async () => {
    const link = createFakeLink('local', {
      onCancel: (one) => {
        one.report({ ...hostnameResult('part'), status: 'cancelled', partial: true });
        one.report({ kind: 'done', status: 'cancelled' });
      },
    });
    const path = join(folder, 'case.db');
    const { type, program } = createTestConsole({ store: openStore(path), links: [link], answers: [true] });
    await type(...draft, 'launch nofollow');
    await program.close();
    const store = openStore(path);
    expect(findAction(store, 1)).toMatchObject({ status: 'cancelled', counters: { cancelled: 1 } });
    await createTestConsole({ store }).program.close();
  });
});
