import { isAbsolute } from 'node:path';
import { asObject } from '../../base/as-object.ts';
import { readConfigFile, type ReadConfigOptions } from './read-agent-config.ts';
import { readYaml, YamlProblem } from './read-yaml.ts';

/**
 * The run folder by a configuration that is not valid any more, as far as it can be known: by the keys `run` and `state` of the file, else by the defaults.
 * The agent that runs was started before the file was broken, and should still be reached. Throws ConfigError where the file cannot be read.
 */
export function recoverRunFolder(options: Pick<ReadConfigOptions, 'path' | 'environment' | 'uid'>): string {
  const { folders, text = '' } = readConfigFile(options);
  return readFolder(text, 'run') ?? folders.runFor(readFolder(text, 'state') ?? folders.state.value).value;
}

/** Of the whole text where it is YAML, else of the line that begins with the key. */
function readFolder(text: string, key: 'run' | 'state'): string | undefined {
  const line = new RegExp(`^${key}[ \\t]*:.*$`, 'm').exec(text)?.[0] ?? '';
  for (const part of [text, line]) {
    try {
      const value = asObject(readYaml(part).value)?.[key];
      if (typeof value === 'string' && isAbsolute(value)) return value;
    } catch (error) {
      if (!(error instanceof YamlProblem)) throw error;
    }
  }
  return undefined;
}
