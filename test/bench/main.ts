import { parseArgs } from 'node:util';

/** `npm run bench [NAME ...]`: every figure beside the tool an investigator would use instead, in one run, as ratios. Nothing here passes or fails. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  start: async () => (await import('./start.ts')).benchStart(),
  agent: async () => (await import('./agent.ts')).benchAgent(),
  actions: async () => (await import('./actions.ts')).benchActions(),
  persist: async () => (await import('./persist.ts')).benchPersist(),
  regex: async () => (await import('./regex.ts')).benchRegex(),
  file: async () => (await import('./file.ts')).benchFile(),
  netstat: async () => (await import('./netstat.ts')).benchNetstat(),
  pkg: async () => (await import('./pkg.ts')).benchPkg(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  yara: async () => (await import('./yara.ts')).benchYara(),
  monitor: async () => (await import('./monitor.ts')).benchMonitor(),
  audit: async () => (await import('./audit.ts')).benchAudit(),
  'lineage-store': async () => (await import('./lineage-store.ts')).benchLineageStore(),
  lineage: async () => (await import('./lineage.ts')).benchLineage(),
  scribe: async () => (await import('./scribe.ts')).benchScribe(),
  'file-events': async () => (await import('./file-events.ts')).benchFileEvents(),
};

const { positionals: wanted } = parseArgs({ options: { seconds: { type: 'string' } }, allowPositionals: true });
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`no bench named ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const { cpus, release, loadavg } = await import('node:os');
  const [load = 0] = loadavg();
  process.stdout.write(
    `Node.js ${process.version} (V8 ${process.versions.v8}), Linux ${release()}, ${cpus().length} x ${cpus()[0]?.model}, load ${load.toFixed(1)}\n`,
  );
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stdout.write(`\n== ${name}\n`);
    await bench();
  }
}
