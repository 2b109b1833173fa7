import type { Module } from '../../module/define-module.ts';
import { listConfigKeys } from './config-schema.ts';

const width = 110;

/**
 * A configuration to start from: every key with what it does, commented out (prose behind "# ", keys behind "#"), and the persistent modules with the
 * values they have without a file. As it stands it says nothing else than the defaults.
 */
export function formatExampleConfig(modules: readonly Module[]): string {
  const lines = [
    '# The configuration of gumshoe-agent. "gumshoe-agent -S" shows what is in force,',
    '# "gumshoe-agent -q restart" makes the agent read this file anew.',
    '# A key that is not known, or a value of the wrong kind, keeps the agent from starting.',
  ];
  let section: string | undefined;
  for (const key of listConfigKeys()) {
    const indent = key.section ? '  ' : '';
    if (key.section?.name !== section) {
      if (key.section) lines.push('', ...comment(key.section.summary, ''), `${key.section.name}:`);
      section = key.section?.name;
    }
    if (!key.section) lines.push('');
    lines.push(...comment(key.summary, indent));
    lines.push(`${indent}#${key.path.split('.').at(-1)}: ${key.example}`);
  }
  lines.push('', '# Modules that run as long as the agent does.', 'persistent:');
  for (const { name, summary, persistent } of modules) {
    if (!persistent) continue;
    lines.push('', ...comment(summary, '  '), `  ${name}:`, `    enabled: ${persistent.isDefault}`);
    lines.push(
      ...persistent.configExample
        .trimEnd()
        .split('\n')
        .map((line) => (line === '' ? '' : `    ${line}`)),
    );
  }
  return `${lines.join('\n')}\n`;
}

function comment(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}# ${word}`);
  }
  return lines;
}
