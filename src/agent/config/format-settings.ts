import { version } from '../../base/version.ts';
import type { ConfigWithSources } from './parse-agent-config.ts';

/** `-S`: what is in force and where each value comes from, as JSON. Text of the file is escaped by JSON. */
export function formatSettings({ config, sources }: ConfigWithSources): string {
  const { path, persistent, ...values } = config;
  const settings = {
    version,
    file: path ?? null,
    ...values,
    log: { ...config.log, file: config.log.file ?? null },
    persistent: Object.fromEntries(persistent.map(({ module, config: own }) => [module.name, own])),
    from: Object.fromEntries(sources),
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
