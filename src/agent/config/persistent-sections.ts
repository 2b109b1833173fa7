import { asObject } from '../../base/as-object.ts';
import { nearest } from '../../base/nearest.ts';
import type { Module } from '../../module/define-module.ts';
import type { EnabledModule } from './agent-config.ts';
import { describeIssue, describeValue, type Refuse } from './describe-issue.ts';

/**
 * The persistent modules that are to run: those with a section, unless it says `enabled: false`, and those that run without one. A section belongs to
 * its module, whose card checks it.
 */
export function readPersistentSections(
  given: unknown,
  modules: readonly Module[],
  refuse: Refuse,
): readonly EnabledModule[] {
  const sections = given === undefined || given === null ? {} : asObject(given);
  if (!sections) return refuse(['persistent'], `expected sections by module, got ${describeValue(given)}`);
  for (const name of Object.keys(sections)) checkName(name, modules, refuse);
  return modules.flatMap((module): readonly EnabledModule[] => {
    const card = module.persistent;
    if (!card) return [];
    const isNamed = Object.hasOwn(sections, module.name);
    const place = ['persistent', module.name];
    const section = isNamed ? (sections[module.name] ?? {}) : {};
    const { enabled = isNamed || card.isDefault, ...own } =
      asObject(section) ?? refuse(place, `expected keys with values, got ${describeValue(section)}`);
    if (typeof enabled !== 'boolean') {
      return refuse([...place, 'enabled'], `expected true or false, got ${describeValue(enabled)}`);
    }
    // A section that is switched off is checked all the same: it is switched on one day.
    const parsed = card.config.safeParse(own);
    if (!parsed.success) {
      const issue = describeIssue(parsed.error, own, (path) =>
        path.length === 0 ? ['enabled', ...keysOf(card.config)] : [],
      );
      return refuse([...place, ...issue.path], issue.text);
    }
    return enabled ? [{ module, config: parsed.data }] : [];
  });
}

function checkName(name: string, modules: readonly Module[], refuse: Refuse): void {
  const persistent = modules.filter((module) => module.persistent).map((module) => module.name);
  if (persistent.includes(name)) return;
  const possible = persistent.length === 0 ? 'none of this version is' : `possible are ${persistent.join(', ')}`;
  if (modules.some((module) => module.name === name)) {
    refuse(
      ['persistent', name],
      `expected a persistent module, got ${describeValue(name)}, which is none: ${possible}`,
    );
  }
  const near = nearest(name, persistent);
  refuse(
    ['persistent', name],
    `there is no module ${describeValue(name)}: ${near ? `did you mean ${near}?` : possible}`,
  );
}

/** The keys of a module's section, where its schema is a plain object. */
function keysOf(schema: unknown): readonly string[] {
  const shape = asObject((schema as { readonly shape?: unknown }).shape);
  return Object.keys(shape ?? {});
}
