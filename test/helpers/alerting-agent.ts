import { createFakeAgent } from './fake-persistent.ts';

/** An agent whose only module is the program that is named, until it is killed. */
const [folder = '', program = ''] = process.argv.slice(2);
const { modules } = createFakeAgent({ folder, program, agentId: folder });
await modules.start();
