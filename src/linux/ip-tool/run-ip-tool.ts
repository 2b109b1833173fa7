import { execFile } from 'node:child_process';
import { errnoOf } from '../errno.ts';

/** The programs that this asks, without a folder (looked up in the system's folders only) or with one. */
export interface IpTool {
  readonly ip: string;
  readonly nsenter: string;
}

export const systemIpTool: IpTool = { ip: 'ip', nsenter: 'nsenter' };

/** Either what the tool printed, or why it did not, in words to follow "could not be read: ". */
export type IpToolAnswer = { readonly text: string } | { readonly problem: string };

const timeoutMs = 10_000;
const maxBytes = 64 * 1024 * 1024;
/** Not the PATH of whoever started the agent: it runs as root. */
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/**
 * Runs `ip -json` of iproute2 with these words, without a shell, in the namespace of a file such as /proc/7/ns/net where one is given (as root).
 * /proc does not tell IPv6 neighbours, nor the addresses of interfaces that are down.
 */
export function runIpTool(
  words: readonly string[],
  options: { readonly tool: IpTool; readonly namespaceFile: string | undefined; readonly signal: AbortSignal },
): Promise<IpToolAnswer> {
  const { tool, namespaceFile, signal } = options;
  const command = [tool.ip, '-json', ...words];
  const [program = '', ...rest] =
    namespaceFile === undefined ? command : [tool.nsenter, `--net=${namespaceFile}`, '--', ...command];
  return new Promise((resolve) => {
    execFile(
      program,
      rest,
      { env: environment, timeout: timeoutMs, maxBuffer: maxBytes, killSignal: 'SIGKILL', signal, encoding: 'utf8' },
      (error, text, complaint) => resolve(error ? { problem: describeProblem(error, program, complaint) } : { text }),
    );
  });
}

function describeProblem(error: Error & { readonly killed?: boolean }, program: string, complaint: string): string {
  const code = errnoOf(error);
  if (code === 'ENOENT') return `the ${program} tool is not installed`;
  if (code === 'ABORT_ERR') return 'stopped';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `${program} printed more than ${maxBytes} bytes`;
  if (error.killed === true) return `${program} did not answer within ${timeoutMs / 1000} s`;
  const said = (complaint.trim() || error.message).split('\n')[0] ?? '';
  return `${program}: ${said.slice(0, 200)}`;
}
