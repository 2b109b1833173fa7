import { beforeHash } from '../host/before-hash.ts';

/** A line of a PAM configuration, pam.conf(5). */
export interface PamLine {
  /** Undefined in a file of pam.d, whose name is the service. */
  readonly service: string | undefined;
  readonly type: string;
  readonly module: string;
  readonly args: readonly string[];
  /** From 1. */
  readonly line: number;
}

const maxLines = 20_000;
const types = /^-?(auth|account|password|session)$/;

/** Lines that name a module; includes are left out, since the files they name are read by themselves. */
export function parsePam(text: string, options: { readonly withService: boolean }): readonly PamLine[] {
  const lines: PamLine[] = [];
  let pending = '';
  let start = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = beforeHash(raw).trim();
    if (pending === '') start = index + 1;
    if (content.endsWith('\\')) {
      pending += `${content.slice(0, -1)} `;
      continue;
    }
    const parsed = lines.length < maxLines ? parseLine(pending + content, options.withService) : undefined;
    if (parsed) lines.push({ ...parsed, line: start });
    pending = '';
  }
  return lines;
}

function parseLine(content: string, withService: boolean): Omit<PamLine, 'line'> | undefined {
  const words = content.split(/\s+/);
  let at = withService ? 1 : 0;
  const type = words[at++] ?? '';
  if (!types.test(type)) return undefined;
  const control = words[at] ?? '';
  // A control in brackets has several words.
  if (control.startsWith('[')) while (at < words.length && !words[at]?.endsWith(']')) at++;
  const module = words[at + 1];
  if (module === undefined || module === '' || /^(include|substack)$/.test(control)) return undefined;
  const service = withService ? words[0] : undefined;
  return { service, type: type.replace('-', ''), module, args: words.slice(at + 2) };
}
