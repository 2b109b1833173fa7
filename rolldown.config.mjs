import { defineConfig } from 'rolldown';

/** What both programs share: Node 26, one file a program plus its lazily loaded parts, no source of ours left unminified. */
const shared = {
  platform: 'node',
  logLevel: 'warn',
  // React picks its development build, several times slower, unless this is said at build time.
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
};

const output = (name) => ({
  dir: `dist/${name}`,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
  minify: true,
  sourcemap: true,
  cleanDir: true,
});

export const config = defineConfig([
  {
    ...shared,
    input: { main: 'src/agent/main.ts' },
    // Native code, which is there only where npm has a build for the platform: it is looked for when a rule is to be run.
    external: ['@litko/yara-x'],
    output: {
      ...output('agent'),
      // A search's second thread starts in the time that its bundle takes to load: what it runs lies together, apart from the parameters and the agent.
      // So does the thread that hears process events, which needs next to nothing of it.
      codeSplitting: {
        groups: [
          { name: 'base', test: /src\/(base\/[\w-]+|native\/(open-library|system-error))\.ts$/ },
          {
            name: 'search',
            test: /src\/(native|search\/(walk|read|hash|regex)|files)\/(?!file-search|helper-worker|inflate|compile-captures|connector-socket)[\w-]+\.ts$/,
          },
        ],
      },
    },
  },
  {
    ...shared,
    input: { main: 'src/console/main.ts' },
    // Ink imports its developer tools lazily and only in development; they are not installed.
    external: ['react-devtools-core'],
    output: output('console'),
  },
]);

export default config;
