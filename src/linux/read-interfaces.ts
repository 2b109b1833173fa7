import { readFileSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { parseIp } from '../base/ip-address.ts';
import type { NetworkInterface } from './ip-tool/parse-interfaces.ts';
import { parseMac } from './parse-mac.ts';

/**
 * The interfaces of the own namespace without any tool: MACs of all, addresses of those that are up (getifaddrs(3) as Node filters it).
 * `ip -json address show` knows more and other namespaces too; this is for hosts without it.
 */
export function readInterfaces(sysFolder: string): readonly NetworkInterface[] {
  const interfaces = new Map<string, NetworkInterface>();
  for (const name of readNames(join(sysFolder, 'class/net'))) {
    interfaces.set(name, { name, mac: readMac(join(sysFolder, 'class/net', name, 'address')), addresses: [] });
  }
  for (const [name, infos = []] of Object.entries(networkInterfaces())) {
    const mac = interfaces.get(name)?.mac ?? parseMac(infos[0]?.mac ?? '');
    interfaces.set(name, { name, mac, addresses: infos.flatMap(({ address }) => parseIp(address) ?? []) });
  }
  return [...interfaces.values()];
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // Without /sys, as in some containers, interfaces that are up are still known.
    return [];
  }
}

function readMac(file: string): string | undefined {
  try {
    return parseMac(readFileSync(file, 'latin1'));
  } catch {
    // Not an interface (bonding_masters), or one that went away.
    return undefined;
  }
}
