import { z } from 'zod';
import { parseDuration } from '../../src/base/go-format.ts';

/** Where syslog messages go: the local socket, or a host. */
export type SyslogAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'udp' | 'tcp' | 'tls'; readonly host: string; readonly port: number };

const facilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

/** What the request itself decides. */
const ownHeaders = [
  'content-length',
  'content-type',
  'transfer-encoding',
  'connection',
  'host',
  'idempotency-key',
  'upgrade',
  'expect',
];

/** A text that `parse` understands. It stays a text: a configuration travels as JSON, and is checked on both sides. */
function checked(expected: string, parse: (text: string) => unknown) {
  return z
    .string({ error: `expected ${expected}` })
    .refine((text) => parse(text) !== undefined, { error: `expected ${expected}` });
}

const duration = (example: string) => checked(`a duration from 100ms to 24h as "${example}"`, parseWait);

const absolutePath = checked('an absolute path', (text) => (text.startsWith('/') ? text : undefined));

/** MIG's section [dispatch], and ours. Strict, and every key has a default. */
export const config = z.strictObject({
  httpurl: checked('a URL with http or https, without a password in it', parseUrl).optional(),
  outputmozdef: z.boolean({ error: 'expected true or false' }).default(false),
  /** 0 = the default, as in MIG, whose default is 1024 in memory. */
  channelsize: z
    .int({ error: 'expected a number of alerts' })
    .min(0, { error: 'expected 0 or more alerts' })
    .max(10_000_000, { error: 'expected at most 10000000 alerts' })
    .default(0),
  channelbytes: z
    .int({ error: 'expected a number of bytes' })
    .min(1_000_000, { error: 'expected at least 1000000 bytes' })
    .default(64 * 1024 * 1024),
  snstopic: z
    .unknown()
    .refine((topic) => topic === undefined || topic === null || topic === '', {
      error: 'Amazon SNS is not spoken by this version: use httpurl or syslog',
    })
    .optional(),
  headers: z
    .record(
      z
        .string()
        .refine((name) => /^[!#$%&'*+.^_`|~\w-]{1,100}$/.test(name) && !ownHeaders.includes(name.toLowerCase()), {
          error: `expected the name of a header, none of ${ownHeaders.join(', ')}`,
        }),
      z
        .string({ error: 'expected a text' })
        .regex(/^[\t\x20-\x7e\x80-\xff]{0,8000}$/, { error: 'expected a text on one line' }),
    )
    .default({}),
  tokenfile: absolutePath.optional(),
  cafile: absolutePath.optional(),
  syslog: checked('unix:/dev/log, or udp, tcp or tls with ://HOST:PORT', parseSyslogAddress).optional(),
  syslogfacility: z.enum(facilities, { error: `expected one of ${facilities.join(', ')}` }).default('daemon'),
  timeout: duration('10s').default('10s'),
  retrymax: duration('1m').default('1m'),
});

export type Config = z.output<typeof config>;

export const facilityNumber = (name: Config['syslogfacility']): number => facilities.indexOf(name);

export const configExample = `# Where alerts are posted as JSON; several sinks are served side by side, each in its own time.
#httpurl: https://collector.example.net/alerts
# In MozDef's shape.
outputmozdef: false
# More headers of the requests, and a file with a token for "Authorization: Bearer", read anew for each.
#headers: { X-Site: north }
#tokenfile: /etc/gumshoe/dispatch.token
# RFC 5424 to unix:/dev/log, udp://HOST:514, tcp://HOST:601 or tls://HOST:6514.
#syslog: unix:/dev/log
#syslogfacility: daemon
# Certificates (PEM) that HTTPS and TLS are checked with, instead of the system's.
#cafile: /etc/gumshoe/collector-ca.pem
# How many alerts wait on disk (0 = 10000), and their bytes: the oldest are dropped and counted.
channelsize: 0
channelbytes: 67108864
# How long an attempt may take, and the longest pause between two.
timeout: 10s
retrymax: 1m
`;

/** Milliseconds. */
export function parseWait(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms !== undefined && ms >= 100 && ms <= 86_400_000 ? ms : undefined;
}

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isUsable = url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
  return isUsable ? url : undefined;
}

const defaultPorts = { udp: 514, tcp: 601, tls: 6514 } as const;

export function parseSyslogAddress(text: string): SyslogAddress | undefined {
  const path = /^unix:(\/.+)$/.exec(text)?.[1];
  if (path !== undefined) return Buffer.byteLength(path) <= 107 ? { kind: 'unix', path } : undefined;
  const found = /^(udp|tcp|tls):\/\/(?:\[([\da-f:.%\w]+)\]|([^:/[\]\s]+))(?::(\d{1,5}))?$/i.exec(text);
  const kind = (['udp', 'tcp', 'tls'] as const).find((one) => one === found?.[1]?.toLowerCase());
  const host = found?.[2] ?? found?.[3];
  if (!kind || host === undefined) return undefined;
  const port = found?.[4] === undefined ? defaultPorts[kind] : Number(found[4]);
  return port > 0 && port < 65_536 ? { kind, host, port } : undefined;
}
