import { describe, expect, test } from 'vitest';
import { zeroTime } from '../../../src/protocol/action.ts';
import type { AgentInfo } from '../../../src/protocol/agent-info.ts';
import { createAction } from '../../../src/store/actions.ts';
import { createCommands, finishCommand } from '../../../src/store/commands.ts';
import { openMemoryStore, type Store } from '../../../src/store/open-store.ts';
import { storeReport } from '../../../src/store/results.ts';
import { agentInfo, createFakeLink, hostnameResult } from '../../helpers/fake-link.ts';
import { createTestConsole } from '../../helpers/test-console.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const web: AgentInfo = { ...agentInfo('web-01'), tags: { env: 'prod' } };
const db: AgentInfo = { ...agentInfo('db-01'), tags: { env: 'test' } };

function fleet(): ReturnType<typeof createFakeLink>[] {
  return [
    createFakeLink('local', { agent: web }),
    createFakeLink('db', { agent: db }),
    createFakeLink('far', { unreachable: 'no route' }),
  ];
}

/** An action of two operations that went to these agents; `found` says which operations found something. */
function addAction(
  store: Store,
  agents: readonly { readonly info: AgentInfo; readonly found: readonly boolean[] }[],
): number {
  const operation = { module: 'example', parameters: {} };
  const action = createAction(store, {
    ref: `ref-${Math.random()}`,
    action: {
      name: 'earlier',
      target: 'all',
      description: {},
      threat: {},
      validfrom: zeroTime,
      expireafter: zeroTime,
      operations: [operation, operation],
      pgpsignatures: [],
      syntaxversion: 2,
    },
    investigator: 'root',
    nowMs: 1,
    expireAfterMs: 2,
  });
  createCommands(
    store,
    action,
    agents.map(({ info }) => info),
    1,
  );
  for (const [at, { found }] of agents.entries()) {
    for (const [number, foundanything] of found.entries()) {
      const { result } = hostnameResult('x');
      const report = { ...hostnameResult('x'), operation: number, result: { ...result, foundanything } };
      storeReport(store, { action, n: at + 1, reportN: number + 1 }, report, 1);
    }
    finishCommand(store, { action, n: at + 1 }, { status: found.length > 0 ? 'success' : 'failed', nowMs: 1 });
  }
  return action;
}

describe('a condition', () => {
  test('means the agents that match and are online, and its preview tells of the others', async () => {
    const store = openMemoryStore();
    addAction(store, [{ info: { ...agentInfo('web-00'), tags: { env: 'prod' } }, found: [true] }]);
    const { program, type } = createTestConsole({ links: fleet(), store });
    await program.ready;
    expect(await type('create action', "target tags->>'env'='prod'")).toEqual(
      expect.arrayContaining([
        "target tags->>'env'='prod': 1 agent matches and is online: web-01",
        '1 match too and are not asked, as they are not online: web-00 (offline)',
        '1 cannot be judged, as they never answered: far (lost)',
      ]),
    );
    expect(await type('listagents')).toContain('  id-web-01  web-01');
    await program.close();
  });

  test('judges a host that is not reached now by what it said when it last answered', async () => {
    const store = openMemoryStore();
    addAction(store, [{ info: { ...agentInfo('far'), tags: { env: 'prod' } }, found: [true] }]);
    const { program, type } = createTestConsole({ links: fleet(), store });
    await program.ready;
    const shown = await type('create action', "target tags->>'env'='prod'");
    expect(shown).toContain('1 match too and are not asked, as they are not online: far (lost)');
    expect(shown.join()).not.toContain('cannot be judged');
    expect((await type('agents')).filter((text) => text.startsWith('far'))).toHaveLength(1);
    await program.close();
  });

  test('that matches nobody is said as such, and is not launched', async () => {
    const { program, type, asked } = createTestConsole({ links: fleet(), answers: ['cancel'] });
    await program.ready;
    await type('create action', 'name x', 'add example -gethostname');
    expect(await type("target tags->>'env'='none'")).toContain(
      "target tags->>'env'='none': 0 agents match and are online (online: web-01, db)",
    );
    const printed = await type('launch');
    expect(printed[0]).toContain('0 agents match the target');
    expect(asked[0]).toMatchObject({ kind: 'choose', message: 'Launch it on' });
    await program.close();
  });

  test('goes to the agents with the action, and to nobody else', async () => {
    const links = fleet();
    const { program, type } = createTestConsole({ links, answers: [true] });
    await program.ready;
    await type('create action', 'name x', 'add example -gethostname', 'target tag:env=test', 'launch nofollow');
    expect(links.map(({ dispatched }) => dispatched.map(({ action }) => action.target))).toEqual([
      [],
      ['tag:env=test'],
      [],
    ]);
    await program.close();
  });

  test('on tags of hosts, which agents do not know, goes to them as ids', async () => {
    const links = fleet();
    const { program, type } = createTestConsole({ links, answers: [true] });
    await program.ready;
    program.context.fleet.add(createFakeLink('rack', { agent: agentInfo('rack-9') }), { site: 'vie' });
    await program.context.fleet.open('rack');
    const [rack] = [program.context.fleet.find('rack') as ReturnType<typeof createFakeLink>];
    await type('create action', 'name x', 'add example -gethostname', 'target tag:site=vie', 'launch nofollow');
    expect(rack?.dispatched.map(({ action }) => action.target)).toEqual(["id IN ('id-rack-9')"]);
    await program.close();
  });
});

test('a condition on the name means what the console calls the agent, and goes to it as its id', async () => {
  const { program, type } = createTestConsole({ links: fleet(), answers: [true] });
  await program.ready;
  const rack = createFakeLink('rack', { agent: agentInfo('vm') });
  program.context.fleet.add(rack, {});
  await program.context.fleet.open('rack');
  expect(await type('create action', 'name x', 'add example -gethostname', "target name = 'rack'")).toContain(
    "target name = 'rack': 1 agent matches and is online: rack",
  );
  await type('launch nofollow');
  expect(rack.dispatched.map(({ action }) => action.target)).toEqual(["id IN ('id-vm')"]);
  await program.close();
});

test('a launch on hosts that could not be reached says so in a line each, and its list does not call them without findings', async () => {
  const { program, type } = createTestConsole({ links: fleet(), answers: [true, false] });
  await program.ready;
  await type('create action', 'name x', 'target all', 'add example -gethostname', 'launch nofollow');
  await waitFor('the one that is not reached', () => program.context.fleet.find('far')?.state().kind === 'closed');
  const list = await type('list 1');
  expect(list.at(-1)).toMatch(/^3 agents: 0 found something, 0 nothing, 1 without a result, 2 without an answer yet/);
  const shown = await type('create action', 'name x', 'target all', 'add example -gethostname', 'launch nofollow');
  expect(shown).toContain('   far (not reached)');
  expect(shown).toContain('1 of 3 could not be reached so far: each is tried once more');
  await program.close();
});

describe('found(N)', () => {
  test('means agents of which any operation found something; notfound(N) those that answered and found nothing', async () => {
    const store = openMemoryStore();
    const both = addAction(store, [
      { info: web, found: [true, false] },
      { info: db, found: [false, false] },
      { info: agentInfo('silent'), found: [] },
    ]);
    const { program, type } = createTestConsole({ links: fleet(), store });
    await program.ready;
    await type('create action');
    await type(`target found(${both})`);
    expect(program.state().draft?.target).toBe("id IN ('id-web-01')");
    expect(await type(`target notfound(${both}) AND name LIKE 'db%'`)).toContain(
      "target id IN ('id-db-01') AND name LIKE 'db%': 1 agent matches and is online: db",
    );
    await program.close();
  });

  test('of an action that is not there is refused', async () => {
    const { program, type, errors } = createTestConsole({ links: fleet() });
    await type('create action', 'target found(7)');
    expect(errors[0]).toBe('case default has no action 7');
    await program.close();
  });
});

test('columns, keys of tags and names are completed', async () => {
  const { program } = createTestConsole({ links: fleet() });
  await program.ready;
  await program.line('create action');
  const texts = async (typed: string): Promise<readonly string[]> =>
    (await program.complete(typed, typed.length)).candidates.map(({ text }) => text);
  expect(await texts('target queue')).toEqual(['queueloc']);
  expect(await texts("target tags->>'e")).toEqual(["tags->>'env'"]);
  expect(await texts('target environment->>o')).toEqual(["environment->>'os'"]);
  expect(await texts('target name LI')).toEqual(['LIKE']);
  await program.close();
});
