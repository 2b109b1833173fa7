/** A module's page: what it is for, every parameter, examples. Made from its card and its fields. */
import type { Module } from './define-module.ts';
import type { Field } from './fields.ts';
import { line, type Line } from './line.ts';

export function formatModuleHelp(module: Module): readonly Line[] {
  const { fields, shape, label } = module.params;
  const names = fields.map(flagColumn);
  const width = Math.min(26, Math.max(0, ...names.map((name) => name.length)));
  return [
    line(`${module.name}: ${module.summary}`, 'heading'),
    line(`runs on ${module.platforms.join(', ')}${module.lacks ? `; ${module.lacks}` : ''}`, 'quiet'),
    ...(module.persistent ? describeProcess(module.name, module.persistent.isDefault) : []),
    line(''),
    line('Parameters', 'heading'),
    ...fields.flatMap((field, at) => describeField(field, names[at] ?? '', width)),
    ...(shape === 'labelled'
      ? [line(`Flags describe one ${label?.noun}, labelled '${label?.initial}'; the questions take several.`, 'quiet')]
      : []),
    line(''),
    line('Examples', 'heading'),
    ...module.examples.flatMap(({ flags, summary }) => [
      line(`  gumshoe ${module.name} ${flags}`),
      line(`      ${summary}`, 'quiet'),
    ]),
  ];
}

/** What else it takes for an answer: a process that goes on between questions. */
function describeProcess(name: string, isDefault: boolean): readonly Line[] {
  const enabled = isDefault
    ? 'enabled unless its configuration says otherwise'
    : `enabled by a section persistent.${name} of its configuration`;
  return [
    line(`answers from a process that an agent keeps which runs as a daemon ("gumshoe-agent"): ${enabled}`, 'quiet'),
    line('"agent local" shows whether it runs', 'quiet'),
  ];
}

function flagColumn(field: Field): string {
  const value = { list: ' VALUE ...', text: ' VALUE', number: ' N', boolean: '' }[field.kind];
  return `-${field.flag}${value}`;
}

function describeField(field: Field, name: string, width: number): readonly Line[] {
  const facts = [
    ...(field.unit ? [`unit: ${field.unit}`] : []),
    field.required ? requirementOf(field) : `default: ${defaultOf(field)}`,
    ...(field.absent ? [field.absent] : []),
    ...(field.kind === 'list' ? ['may be repeated'] : []),
    ...(field.word === field.flag ? [] : [`in questions: ${field.word}`]),
    ...(field.kind === 'boolean' ? [] : [`example: ${field.example}`]),
  ];
  const indent = ' '.repeat(width + 4);
  return [
    line(`  ${name.padEnd(width)}  ${field.description}`),
    line(`${indent}${facts.join('; ')}`, 'quiet'),
    ...(field.opposite
      ? [
          line(`  ${`-${field.opposite.flag}`.padEnd(width)}  ${field.opposite.description}`),
          line(`${indent}default: ${String(field.initial === false)}; the opposite of -${field.flag}`, 'quiet'),
        ]
      : []),
    ...(field.fromFile
      ? [
          line(`  ${`-${field.fromFile.flag} FILE`.padEnd(width)}  ${field.fromFile.description}`),
          line(`${indent}default: none; instead of -${field.flag}`, 'quiet'),
        ]
      : []),
  ];
}

function requirementOf({ fromFile }: Field): string {
  return fromFile ? `required, or -${fromFile.flag}` : 'required';
}

function defaultOf({ initial, kind }: Field): string {
  if (initial !== undefined) return String(initial);
  return kind === 'boolean' ? 'false' : 'none';
}
