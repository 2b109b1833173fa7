/** The screen with a fake program, for tests that need a real terminal: `node terminal-main.mjs [slow|broken|fields]`. */
import { line } from '../../src/module/line.ts';
import { startTerminal } from '../../src/console/start-terminal.tsx';
import { createParamsFromFields } from '../../src/module/create-params.ts';
import { params } from '../../modules/example/params.ts';
import { paramsCreator } from '../../modules/example/params-creator.ts';
import type { ParamsCreator } from '../../src/module/ask.ts';
import { createFakeProgram } from './fake-program.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
const isSlow = process.argv.includes('slow');
const creator = process.argv.includes('fields') ? createParamsFromFields(params) : (paramsCreator as ParamsCreator);
const status = startTerminal({
  banner: [line('gumshoe test', 'heading')],
  createProgram: async (screen) => {
    if (isSlow) await wait(1000);
    if (process.argv.includes('broken')) throw new Error('planted');
    return createFakeProgram(screen, creator);
  },
});
process.exitCode = await status.catch((error: unknown) => {
  process.stdout.write(`not started: ${String(error)}\n`);
  return 78;
});
