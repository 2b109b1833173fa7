import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseHost, parseHostFile } from '../../../../src/console/commands/parse-host.ts';
import type { Hosts } from '../../../../src/console/hosts.ts';
import { createHostList } from '../../../../src/store/hosts.ts';
import { agentInfo, createFakeLink, hostnameResult, type FakeLink } from '../../../helpers/fake-link.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { createTestConsole, type TestConsole } from '../../../helpers/test-console.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const answering = (name: string): FakeLink =>
  createFakeLink(name, {
    agent: agentInfo(`host-${name}`),
    onDispatch: (link) => {
      link.report(hostnameResult(name));
      link.report({ kind: 'done', status: 'success' });
    },
  });

/** A console with this host's agent and a list of hosts whose links answer. */
function start(folder: string, answers: readonly unknown[] = []): TestConsole & { readonly hosts: Hosts } {
  const hosts: Hosts = { list: createHostList(join(folder, 'hosts.db')), createLink: ({ name }) => answering(name) };
  return { ...createTestConsole({ links: [answering('local')], hosts, answers }), hosts };
}

describe('hosts', () => {
  test('are added while the console runs, reached at once, listed with their state, asked by name and tag, and removed', async () => {
    using folder = createTemporaryFolder();
    const { type, program, errors } = start(folder.path, [true]);
    expect(await type('hosts')).toEqual(['no host yet: "hosts add NAME [DESTINATION]" adds one']);
    expect(await type('hosts add web1 root@192.0.2.7 role=web')).toEqual(['host web1 is added: root@192.0.2.7']);
    await waitFor('the link', () => program.state().agents[1]?.phase === 'online');
    expect(await type('hosts')).toEqual([
      'name  destination     state   opened in  version  tags      reason',
      'web1  root@192.0.2.7  online             0.1.0    role=web',
    ]);
    expect(program.state().agents[1]?.info?.tags).toEqual({ role: 'web' });
    await type('create action', 'name who', 'target web1', 'add example -gethostname', 'launch');
    expect(await type('results')).toEqual(['web1 hostname is web1', '1 agent, operations: 1 found']);
    expect(await type('hosts remove web1')).toEqual(['host web1 is removed']);
    expect(program.state().agents.map(({ target }) => target)).toEqual(['local']);
    await type('hosts remove web1', 'hosts add web2 -lroot', 'hosts nothing');
    expect(errors.filter((_, at) => at % 2 === 0)).toEqual([
      'no host is called "web1"',
      'expected a destination of ssh ([USER@]HOST, or a name of ssh_config), got "-lroot"',
      'expected nothing, add, remove, load, got "nothing"',
    ]);
    await program.close();
  });

  test('are there for the next console, whatever its case', async () => {
    using folder = createTemporaryFolder();
    const first = start(folder.path);
    await first.type('hosts add web1');
    await first.program.close();
    const second = start(folder.path);
    expect(second.program.state().agents.map(({ target }) => target)).toEqual(['local', 'web1']);
    await second.program.close();
  });

  test('that run something lose it when they are removed, and say why', async () => {
    using folder = createTemporaryFolder();
    const mute = createFakeLink('web1', { agent: agentInfo('mute') });
    const hosts: Hosts = { list: createHostList(join(folder.path, 'hosts.db')), createLink: () => mute };
    const { type, program, printed } = createTestConsole({ links: [answering('local')], hosts, answers: [true] });
    await type('hosts add web1', 'create action', 'name who', 'target all', 'add example -gethostname');
    await type('launch nofollow', 'hosts remove web1');
    expect(printed).toContain('web1 did not succeed, status=failed: its host was removed from this console');
    expect((await type('ledger 1')).at(-1)).toBe('2 agents: 1 success, 1 failed');
    await program.close();
  });

  test('are loaded from a file, all or none', async () => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, 'fleet.txt');
    const { type, errors, program } = start(folder.path);
    writeFileSync(path, 'web1\nweb2 192.0.2.7\nweb1\n');
    await type(`hosts load ${path}`);
    expect(errors[0]).toBe('line 3: host web1 stands twice in the file; nothing was added');
    expect(await type('hosts')).toHaveLength(1);
    writeFileSync(path, '# a fleet\n\nweb1\nweb2 192.0.2.7 role=web # the second\n');
    expect(await type(`hosts load ${path}`)).toEqual(['2 hosts are added']);
    expect(await type('hosts')).toHaveLength(3);
    await program.close();
  });

  test('are completed: words, names, paths', async () => {
    using folder = createTemporaryFolder();
    const { type, program } = start(folder.path);
    await type('hosts add web1');
    const complete = async (typed: string): Promise<readonly string[]> =>
      (await program.complete(typed, typed.length)).candidates.map(({ text }) => text);
    expect(await complete('hosts ')).toEqual(['add', 'remove', 'load']);
    expect(await complete('hosts remove ')).toEqual(['web1']);
    expect(await complete('hosts add x --')).toEqual(['--agent']);
    await program.close();
  });
});

describe('a host as it is written', () => {
  test('has its name as destination, the agent on the PATH, and no tags, unless it is said', () => {
    expect(parseHost(['web1'])).toEqual({ name: 'web1', destination: 'web1', agentPath: 'gumshoe-agent', tags: {} });
    expect(parseHost(['db', 'a=b', '--agent', '/opt/agent', 'docker:box', 'c=d=e'])).toEqual({
      name: 'db',
      destination: 'docker:box',
      agentPath: '/opt/agent',
      tags: { a: 'b', c: 'd=e' },
    });
  });

  test.each([
    [[], 'expected the name of a host, got none'],
    [['web1', 'a', 'b'], 'expected a destination, tags (KEY=VALUE) or --agent PATH, got "b"'],
    [['web1', '--agent'], 'expected the path of gumshoe-agent on the host'],
    [['web1', '=x'], 'expected a destination of ssh'],
    [['local'], 'expected the name of a host'],
  ])('%j is refused', (words, message) => {
    expect(() => parseHost(words)).toThrow(message);
  });

  test('a file is told of with the number of its line', () => {
    expect(() => parseHostFile('web1\n\n# x\n-x\n')).toThrow(
      expect.objectContaining({
        code: 'HOST_INVALID',
        message: expect.stringMatching(/^line 4: .*; nothing was added$/),
      }),
    );
  });
});
