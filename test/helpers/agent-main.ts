import { main } from '../../src/agent/main.ts';

/** The agent from its sources, without a bundle: `node test/helpers/agent-main.ts --stdio`. */
await main(process.argv.slice(2));
