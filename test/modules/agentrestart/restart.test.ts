import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/agentrestart/enhance-privacy.ts';
import { params } from '../../../modules/agentrestart/params.ts';
import { printResults, rows } from '../../../modules/agentrestart/print-results.ts';
import { runThrough } from '../../../modules/agentrestart/run.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { formatControl, parseControlRequest, type ControlAnswer } from '../../../src/protocol/control.ts';
import { failedResult, type ModuleResult } from '../../../src/protocol/result.ts';
import type { RestartOutcome } from '../../../src/protocol/restart-outcome.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const outcome: RestartOutcome = {
  state: 'success',
  oldpid: 812,
  newpid: 840,
  durationms: 640.2,
  forced: false,
  method: 'helper',
  requester: 'alice',
  source: 'console',
  requestedat: '2026-03-01T10:00:00.000Z',
};
const succeeded: ModuleResult<RestartOutcome, null> = {
  foundanything: true,
  success: true,
  elements: outcome,
  statistics: null,
  errors: null,
};

describe('the parameters of agentrestart', () => {
  test.each([
    [{ module: 'no module' }, 'module: expected the name of a module such as examplepersist, got "no module"'],
    [{ module: '' }, 'module: expected the name of a module such as examplepersist, got ""'],
    [{ module: 7 }, 'module'],
    [{ timeout: 0 }, 'timeout: expected a whole number from 1 to 600, got 0'],
    [{ timeout: 601 }, 'timeout: expected a whole number from 1 to 600, got 601'],
    [{ timeout: 1.5 }, 'timeout: expected a whole number from 1 to 600, got 1.5'],
  ])('%j is refused', (given, message) => {
    expect(() => validateParameters(params, given)).toThrow(message);
  });

  test('nothing at all means the agent, and 30 s', () => {
    expect(validateParameters(params, {})).toEqual({});
    expect(params.fields.map(({ flag, initial }) => [flag, initial])).toEqual([
      ['module', undefined],
      ['timeout', 30],
    ]);
  });
});

describe('what agentrestart prints', () => {
  test('says old and new process, who asked, and how it was done', () => {
    expect(printResults(succeeded, { matchOnly: false }).map(({ text }) => text)).toEqual([
      'agent restarted: pid 812 -> 840 in 640 ms',
      'asked for by alice through console at 2026-03-01T10:00:00.000Z',
      'by helper',
      'restart: success',
    ]);
    expect(printResults(succeeded, { matchOnly: true }).map(({ text }) => text)).toEqual([
      'agent restarted: pid 812 -> 840 in 640 ms',
    ]);
  });

  test('says that a module had to be killed, and what is not as it should be', () => {
    const elements: RestartOutcome = {
      ...outcome,
      state: 'degraded',
      module: 'fswatch',
      forced: true,
      method: 'module',
      reason: 'fswatch: it did not become healthy',
    };
    const result = { ...succeeded, elements, errors: ['agentrestart fswatch: degraded: it did not become healthy'] };
    expect(printResults(result, { matchOnly: false }).map(({ tone, text }) => [tone, text])).toEqual([
      ['hit', 'fswatch restarted: pid 812 -> 840 in 640 ms, killed'],
      ['error', '[error] agentrestart fswatch: degraded: it did not become healthy'],
      ['quiet', 'asked for by alice through console at 2026-03-01T10:00:00.000Z'],
      ['quiet', 'by module'],
      ['error', 'it did not end in time and was killed'],
      ['error', 'restart: degraded'],
    ]);
  });

  test('is a row with every key', () => {
    expect(rows(succeeded)).toEqual([
      {
        state: 'success',
        module: '',
        oldpid: 812,
        newpid: 840,
        durationms: 640.2,
        forced: false,
        method: 'helper',
        unit: '',
        requester: 'alice',
        source: 'console',
        requestedat: '2026-03-01T10:00:00.000Z',
        reason: '',
      },
    ]);
    expect(rows({ ...succeeded, elements: null })).toEqual([]);
  });

  test('does not name who asked when extra privacy is on', () => {
    expect(enhancePrivacy(succeeded)).toEqual({ ...succeeded, elements: { ...outcome, requester: 'masked' } });
    expect(enhancePrivacy({ ...succeeded, elements: null }).elements).toBeNull();
  });
});

/** An agent that answers each connection, in turn, with these lines, and closes it. */
async function listen(path: string, answers: readonly (readonly ControlAnswer[])[]) {
  const asked: unknown[] = [];
  const server = createServer((socket) => {
    socket.once('data', (line: Buffer) => {
      asked.push(parseControlRequest(line.toString().trim()));
      socket.end((answers[asked.length - 1] ?? []).map(formatControl).join(''));
    });
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  return { asked, [Symbol.dispose]: () => void server.close() };
}

describe('agentrestart on the endpoint itself', () => {
  test('asks the agent, and the one that comes after for what became of it', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.sock');
    using agent = await listen(path, [
      [{ type: 'inProgress', text: 'stopping' }],
      [{ type: 'outcome', state: 'inProgress' }],
      [
        {
          type: 'outcome',
          state: 'success',
          end: { status: 'success', partial: false, durationMs: 640, result: succeeded },
        },
      ],
    ]);
    const ran = await runThrough(path, { timeout: 10 }, createRunContext());
    expect(ran).toEqual({ foundAnything: true, elements: outcome, statistics: null, errors: [] });
    const [first, ...others] = agent.asked as { readonly type: string; readonly id: string }[];
    expect(first).toMatchObject({ type: 'restart', timeoutMs: 10_000 });
    expect(others).toEqual([
      { type: 'outcome', id: first?.id },
      { type: 'outcome', id: first?.id },
    ]);
  });

  test('fails with RESTART_FAILED and the reasons where it is refused', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.sock');
    const end = { status: 'failed' as const, partial: false, durationMs: 0, result: failedResult(['too often']) };
    using agent = await listen(path, [[{ type: 'outcome', state: 'failed', end }]]);
    await expect(runThrough(path, {}, createRunContext())).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: 'too often',
    });
    expect(agent.asked).toHaveLength(1);
  });

  test('says that no agent runs', async () => {
    await expect(runThrough('/nonexistent/agent.sock', {}, createRunContext())).rejects.toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: 'no agent answers at /nonexistent/agent.sock (ENOENT)',
    });
  });

  test('says that the agent knows nothing of it any more', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'agent.sock');
    using agent = await listen(path, [[], [{ type: 'outcome', state: 'unknown' }]]);
    await expect(runThrough(path, {}, createRunContext())).rejects.toThrow(/^the agent knows nothing of the restart /);
    expect(agent.asked).toHaveLength(2);
  });
});
