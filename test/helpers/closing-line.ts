import type { Reporter, TestModule } from 'vitest/node';

/**
 * A reporter that closes the run with one plain line, "N passed, N failed", counting files that could not be loaded as failures. In CI a skipped test
 * fails the run: what a machine lacks is to be installed, not passed over.
 */
export function createClosingLine(): Reporter {
  return {
    onTestRunEnd: (modules: readonly TestModule[], unhandled: readonly unknown[]) => {
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
      const broken = modules.filter((module) => module.errors().length > 0).length + (unhandled.length > 0 ? 1 : 0);
      const skipped = count('skipped');
      for (const test of tests)
        if (test.result().state === 'skipped') process.stdout.write(`skipped: ${test.fullName}\n`);
      if (skipped > 0 && process.env['CI']) process.exitCode = 1;
      process.stdout.write(
        `\n${count('passed')} passed, ${count('failed') + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
      );
    },
  };
}
