import { defineConfig } from 'vitest/config';
import { createClosingLine } from './test/helpers/closing-line.ts';

export const config = defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Two cores: more workers than that only make the tests of whole programs wait for each other.
    maxWorkers: 2,
    // node:ffi and node:sqlite announce themselves in every worker; the launchers keep them quiet in the same way.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // A daemon of this host is none of a test's business: programs that tests start find none.
    env: { GUMSHOE_RUN: '/nonexistent/gumshoe-run', GUMSHOE_AGENT_CONFIG: 'none' },
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: [['default', { summary: false }], createClosingLine()],
  },
});

export default config;
