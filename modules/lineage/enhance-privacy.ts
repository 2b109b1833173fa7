import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type {
  Elements,
  ExecutionElement,
  FileElement,
  GapElement,
  ProcessElement,
  RefElement,
  SourceElement,
  Statistics,
  StatusElement,
  TextElement,
  UserElement,
} from './elements.ts';

/**
 * Masks names of processes, arguments, paths, users, containers and what was asked. Who descends from whom, ids, times, codes, signals and counts stay: they tell
 * what happened, not to whom.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  return { ...result, elements: elements && maskElements(elements), errors: errors?.map(() => masked) ?? null };
}

/** A module that failed answers without lists. */
function maskElements(elements: Elements): Elements {
  const { processes, gaps, status } = elements as Partial<Elements>;
  return {
    ...elements,
    question: masked,
    ...(processes ? { processes: processes.map(maskProcess) } : {}),
    ...(gaps ? { gaps: gaps.map((gap): GapElement => ({ ...gap, reason: masked })) } : {}),
    ...(status ? { status: maskStatus(status) } : {}),
  };
}

export function maskProcess(process: ProcessElement): ProcessElement {
  const { birthParent, parent, executable, arguments: args, cwd, executions, failedExecutions, files } = process;
  const { user, login, container, cgroup } = process;
  return {
    ...process,
    name: masked,
    birthParent: maskRef(birthParent),
    parent: maskRef(parent),
    executable: maskText(executable),
    arguments: args && { ...args, values: args.values.map(() => masked) },
    cwd: maskText(cwd),
    executions: executions.map(maskExecution),
    failedExecutions: failedExecutions.map(maskExecution),
    user: maskUser(user),
    group: null,
    login: maskUser(login),
    container: maskName(container),
    cgroup: maskName(cgroup),
    files: files.map((file): FileElement => ({
      ...file,
      path: masked,
      from: maskName(file.from),
      to: maskName(file.to),
    })),
  };
}

function maskRef(ref: RefElement | null): RefElement | null {
  return ref && { ...ref, name: maskName(ref.name) };
}

function maskText(text: TextElement | null): TextElement | null {
  return text && { ...text, value: masked };
}

/** The administrator stays: that something ran with all rights names nobody. */
function maskUser(user: UserElement | null): UserElement | null {
  if (!user || user.id === 0) return user;
  return { ...user, id: -1, name: masked };
}

function maskExecution(one: ExecutionElement): ExecutionElement {
  return {
    ...one,
    executable: maskName(one.executable),
    arguments: one.arguments && one.arguments.map(() => masked),
    cwd: maskName(one.cwd),
  };
}

function maskStatus(status: StatusElement): StatusElement {
  return {
    ...status,
    problem: maskName(status.problem),
    sources: status.sources.map((one): SourceElement => ({ ...one, lacks: maskName(one.lacks) })),
  };
}

function maskName(name: string | null): string | null {
  return name === null ? null : masked;
}
