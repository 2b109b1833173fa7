import { networkInterfaces } from 'node:os';

/** Whether this host has IPv6 on loopback; containers often have not. */
export function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
}

/** The loopback addresses of this host, for a test that is the same over each. */
export const loopbacks: readonly string[] = hasIpv6() ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
