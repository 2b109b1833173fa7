/**
 * The module with the kernel's audit, in a process of its own as an agent starts it. Where the kernel refuses audit (a container, no root), what is tested
 * is that the module says so. One test at a time: the kernel has one audit for all, and is left as it was found.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { asObject } from '../../../src/base/as-object.ts';
import { encodeRule } from '../../../src/linux/audit/encode-rule.ts';
import type { AuditRule } from '../../../src/linux/audit/rule.ts';
import { loadModule } from '../../../modules/load.ts';
import { runModule } from '../../../src/module/run-module.ts';
import type { ModuleMessage } from '../../../src/protocol/module-message.ts';
import {
  isOfLineage,
  type KernelAudit,
  listWithoutStrangers,
  openKernelAudit,
  takeKernelAudit,
} from '../../helpers/kernel-audit.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { startPersistentModule, type PersistentProcess } from '../../helpers/persistent-module.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitLong } from '../../helpers/wait-for.ts';

// Processes are started, on hosts that may be busy.
vi.setConfig({ testTimeout: 300_000 });

const control = await openKernelAudit();

// Nothing is skipped: each host has one of the two.
if (!control) {
  test('the kernel refuses audit here, and the module says what it needs', async () => {
    await expect(startPersistentModule({ name: 'audit', config: {} })).rejects.toThrow(
      /audit cannot be used: .+CAP_AUDIT_CONTROL and CAP_AUDIT_READ|audit is read on Linux/,
    );
  });
}

if (control)
  test('without rights the module says what it needs', () => {
    const program = join(import.meta.dirname, '../../helpers/agent-main.ts');
    const child = spawnSync(
      'setpriv',
      [
        '--bounding-set=-all',
        '--inh-caps=-all',
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        program,
        '-P',
        'audit',
      ],
      {
        input: `${JSON.stringify({ class: 'config', parameters: { config: {}, hostname: 'h', environment: {}, tags: {}, rundir: '/tmp', statedir: '/tmp' } })}\n`,
        encoding: 'utf8',
        timeout: 200_000,
      },
    );
    expect(child.status).not.toBe(0);
    expect(child.stdout + child.stderr).toMatch(/initial namespaces, with CAP_AUDIT_CONTROL and CAP_AUDIT_READ/);
  });

if (control)
  describe('with the kernel', () => {
    const kernel = control;
    const found = { enabled: 0, backlogLimit: 0, backlogWaitTime: 0, rules: 0 };
    let held: KernelAudit | undefined;
    const folder = createTemporaryFolder();
    let strangers = Number.POSITIVE_INFINITY;
    const readKernel = async () => {
      const rules = (await listWithoutStrangers(kernel, isOfLineage, strangers)).length;
      const { enabled, backlogLimit, backlogWaitTime } = await kernel.readStatus();
      return { enabled, backlogLimit, backlogWaitTime, rules };
    };
    beforeAll(async () => {
      // Other runs of this test on the same host have the same kernel.
      held = await takeKernelAudit(kernel);
      Object.assign(found, await readKernel());
      strangers = (await kernel.listRules()).filter(isOfLineage).length;
    }, 1_000_000);
    afterAll(async () => {
      folder[Symbol.dispose]();
      held?.release();
    });

    const running = new Set<PersistentProcess>();
    const start = async (config: unknown, stateFolder?: string): Promise<PersistentProcess> => {
      const module = await startPersistentModule({ name: 'audit', config, ...(stateFolder ? { stateFolder } : {}) });
      running.add(module);
      return module;
    };
    // A test that fails leaves nothing to the next one.
    afterEach(async () => {
      for (const module of running) if (isAlive(module.pid)) await module.stop();
      running.clear();
    });
    const alertsOf = ({ messages }: { readonly messages: readonly ModuleMessage[] }) =>
      messages
        .filter((message) => message.class === 'alert')
        .map(({ parameters }) => asObject(parameters)?.['message'])
        .map((message) => (typeof message === 'string' ? asObject(JSON.parse(message)) : asObject(message)) ?? {});
    const query = async ({ socket }: PersistentProcess, parameters: unknown = {}) => {
      const module = await loadModule('audit');
      if (!module) throw new Error('no module audit');
      return runModule(module, parameters, createRunContext(undefined, socket));
    };
    /** Programs that are older than the first time audit was on are not audited: writes are made by a new one. */
    const shell = (command: string) => spawnSync('/bin/sh', ['-c', command], { cwd: folder.path });
    const watched = (name: string): string => {
      const path = join(folder.path, name);
      mkdirSync(path, { recursive: true });
      return path;
    };

    test('a write to a watched file is an alert with who, what and by which program, and everything is as before after a stop', async () => {
      const path = watched('one');
      const module = await start({ rules: [{ path, permission: 'wa', key: 'temporary' }], types: [] });
      shell(`echo x > '${path}/a file'`);
      const alert = await waitLong('the alert', () =>
        alertsOf(module).find(({ Data }) => asObject(Data)?.['key'] === 'temporary'),
      );
      expect(alert).toMatchObject({
        severity: 'medium',
        alert: expect.stringMatching(/^openat of .+\/one\/a file by \/.+ \(pid \d+, uid 0, auid \w+\): key temporary$/),
        Serial: expect.stringMatching(/^\d+$/),
        Timestamp: expect.stringMatching(/^\d{10}\.\d{3}$/),
        Type: 'SYSCALL',
        Data: { syscall: 'openat', success: 'yes', uid: '0', name: `${path}/a file`, nametype: 'CREATE' },
        Raw: '',
      });
      const result = await query(module, { rules: true, recent: 5 });
      expect(result).toMatchObject({
        success: true,
        elements: {
          ok: true,
          enabled: 1,
          rules: 1,
          rulesthere: 0,
          alerts: expect.any(Number),
          leftout: 0,
          missing: 0,
          overruns: 0,
        },
      });
      expect(JSON.stringify(result.elements)).toContain(`-a always,exit -F perm=wa -F dir=${path} -k gumshoe-`);
      expect(JSON.stringify(result.elements)).toContain('/one/a file by ');
      expect(await module.stop()).toBe(0);
      expect(await readKernel()).toEqual(found);
    });

    test('a program that is started is an alert with its whole arguments', async () => {
      const module = await start({
        rules: [
          {
            actions: ['always', 'exit'],
            syscalls: ['execve'],
            fields: [{ name: 'exe', op: 'eq', value: '/usr/bin/printf' }],
            key: 'run',
          },
        ],
        includeraw: true,
      });
      const long = 'x'.repeat(9000);
      spawnSync('/bin/sh', ['-c', `/usr/bin/printf %s 'two words' é ${long}`]);
      const alert = await waitLong('the alert', () => alertsOf(module).find(({ Argv }) => Array.isArray(Argv)));
      expect(alert['Argv']).toEqual(['/usr/bin/printf', '%s', 'two words', 'é', long]);
      expect(alert['Raw']).toMatch(/^type=SYSCALL msg=audit\(\d+\.\d{3}:\d+\): arch=/);
      await module.stop();
      expect(await readKernel()).toEqual(found);
    });

    test('after a kill -9 the next start takes back what the one before had changed, and a stop leaves the kernel as it was', async () => {
      const path = watched('killed');
      const stateFolder = watched('state');
      const config = { rules: [{ path, permission: 'wa', key: 'killed' }], backloglimit: 9000 };
      const first = await start(config, stateFolder);
      expect(await readKernel()).toMatchObject({ enabled: 1, rules: found.rules + 1 });
      process.kill(first.pid, 'SIGKILL');
      await waitLong('its end', () => !isAlive(first.pid));
      expect(await readKernel()).toMatchObject({ enabled: 1, rules: found.rules + 1 });
      const second = await start(config, stateFolder);
      expect(await readKernel()).toMatchObject({ enabled: 1, rules: found.rules + 1 });
      await second.stop();
      expect(await readKernel()).toEqual(found);
      expect(readdirSync(join(stateFolder, 'modules/audit'))).toEqual([]);
    });

    test('rules of others stay, those that say the same as ours are not added again, and their events are told', async () => {
      const path = watched('theirs');
      const theirs: AuditRule = {
        list: 'exit',
        action: 'always',
        syscalls: 'all',
        fields: [
          { name: 'dir', operator: '=', value: path },
          { name: 'perm', operator: '=', value: 10 },
          { name: 'key', operator: '=', value: 'their-key' },
        ],
      };
      const bytes = encodeRule(theirs);
      expect(await kernel.addRule(bytes)).toBe(true);
      try {
        const module = await start({ rules: [{ path, permission: 'wa', key: 'ours' }] });
        expect(await query(module)).toMatchObject({ elements: { rules: 0, rulesthere: 1 } });
        shell(`echo x > ${path}/file`);
        await waitLong('the alert', () => alertsOf(module).find(({ Data }) => asObject(Data)?.['key'] === 'their-key'));
        await module.stop();
        expect(await readKernel()).toEqual({ ...found, rules: found.rules + 1 });
      } finally {
        expect(await kernel.deleteRule(bytes)).toBe(true);
      }
    });

    test('a rule that another deletes meanwhile is missed by nobody at the stop, and its removal is an alert', async () => {
      const path = watched('removed');
      const module = await start({ rules: [{ path, permission: 'w', key: 'removed' }] });
      const ours = (await kernel.listRules()).find(({ keys }) => keys.includes('removed'));
      await kernel.deleteRule(ours?.bytes ?? Buffer.alloc(0));
      const alert = await waitLong('the alert', () =>
        alertsOf(module).find(({ alert: text }) => String(text).includes('CONFIG_CHANGE remove_rule')),
      );
      expect(alert).toMatchObject({ severity: 'high', Type: 'CONFIG_CHANGE' });
      expect(await module.stop()).toBe(0);
      expect(await readKernel()).toEqual(found);
    });

    test('without rules nothing is changed in the kernel', async () => {
      const module = await start({});
      expect(await readKernel()).toEqual(found);
      expect(await query(module)).toMatchObject({ success: true, elements: { ok: true, rules: 0 } });
      await module.stop();
      expect(await readKernel()).toEqual(found);
    });

    test('a wrong rule ends it with the name of the rule, and nothing is changed', async () => {
      await expect(
        start({ rules: [{ actions: ['always', 'exit'], syscalls: ['opnat'], key: 'typo' }] }),
      ).rejects.toThrow(/rule 1 \(typo\): \w+ has no system call opnat, but openat/);
      expect(await readKernel()).toEqual(found);
    });

    test('a burst of events beyond the limit is counted exactly, none of them lost', async () => {
      const path = watched('burst');
      // Of our rule alone: another program of the host may crash meanwhile, or change rules.
      const module = await start({ rules: [{ path, permission: 'wa', key: 'burst' }], ratelimit: 10, types: [] });
      const count = 3000;
      const child = spawn('/bin/sh', ['-c', `i=0; while [ $i -lt ${count} ]; do : > ${path}/f$i; i=$((i+1)); done`]);
      await new Promise((resolve) => child.on('close', resolve));
      const counted = await waitLong('all events', async () => {
        const { elements } = await query(module);
        const { alerts, leftout, missing, overruns, lost } = elements as Record<string, number>;
        return Number(alerts) + Number(leftout) >= count && { alerts, leftout, missing, overruns, lost };
      });
      expect(counted).toMatchObject({ missing: 0, overruns: 0, lost: 0 });
      expect(Number(counted.alerts) + Number(counted.leftout)).toBe(count);
      expect(Number(counted.leftout)).toBeGreaterThan(0);
      await module.stop();
      const told = alertsOf(module).map(({ leftout }) => (typeof leftout === 'number' ? leftout : 0));
      expect(told.reduce((sum, one) => sum + one, 0)).toBe(counted.leftout);
      expect(await readKernel()).toEqual(found);
      rmSync(path, { recursive: true });
    });

    test('a process that stands still for two seconds loses nothing', async () => {
      const path = watched('stalled');
      const module = await start({ rules: [{ path, permission: 'wa', key: 'stalled' }] });
      const count = 2000;
      process.kill(module.pid, 'SIGSTOP');
      shell(`i=0; while [ $i -lt ${count} ]; do : > ${path}/f$i; i=$((i+1)); done; sleep 2`);
      process.kill(module.pid, 'SIGCONT');
      const { missing, overruns, lost } = await waitLong('all events', async () => {
        const elements = (await query(module)).elements as Record<string, number>;
        return Number(elements['alerts']) + Number(elements['leftout']) >= count && elements;
      });
      expect({ missing, overruns, lost }).toEqual({ missing: 0, overruns: 0, lost: 0 });
      await module.stop();
      expect(await readKernel()).toEqual(found);
    });

    test('in a daemon: a write to a file that its configuration watches is an alert to its consoles, and a shutdown takes everything back', async () => {
      const path = watched('daemon');
      const file = join(folder.path, 'agent.yaml');
      const section = { enabled: true, rules: [{ path, permission: 'wa', key: 'in-daemon' }] };
      const off = { enabled: false };
      writeFileSync(file, JSON.stringify({ persistent: { audit: section, fswatch: off, examplepersist: off } }));
      await using daemon = await startDaemon({ config: file });
      const hasRule = async () => (await kernel.listRules()).some(({ keys }) => keys.includes('in-daemon'));
      await waitLong('the rule', hasRule);
      const link = daemon.link();
      await link.hello();
      link.send({ type: 'alerts' });
      await waitLong('audit to listen', () => daemon.logged().includes('listening for audit events'));
      shell(`echo x > ${path}/file`);
      const alert = await waitLong('the alert', () =>
        link.frames.find((frame) => frame.type === 'alert' && frame.alert.message.includes('in-daemon')),
      );
      expect(alert).toMatchObject({
        alert: { module: 'audit', message: expect.stringContaining(`of ${path}/file by `) },
      });
      await daemon.ask('shutdown');
      expect(await daemon.ended()).toBe(0);
      expect(await readKernel()).toEqual(found);
    });

    test('a rule file in the form of MIG is read, with warnings for what is not there', async () => {
      const path = join(folder.path, 'rules.json');
      const rules = [
        { path: '/nonexistent/folder/file', key: 'nothing' },
        { path: folder.path, permission: 'a', key: 'attributes' },
      ];
      writeFileSync(path, JSON.stringify({ audit_rules: rules, delete: true, enable: '1' }));
      const module = await start({ rulespath: path });
      expect(await query(module)).toMatchObject({
        elements: { rules: 1 },
        errors: [
          'ruleset warning: rule 1 (nothing): /nonexistent/folder/file is not there, nor its folder: the rule is left out',
        ],
      });
      await module.stop();
      expect(await readKernel()).toEqual(found);
    });
  });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH
    return false;
  }
}
