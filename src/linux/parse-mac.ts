/** The MAC in a text of the kernel, undefined where there is none: a loopback's is all zero, a tunnel's "hardware address" is an IP address. */
export function parseMac(text: string): string | undefined {
  const mac = text.trim();
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2})+$/i.test(mac) || /^[0:]+$/.test(mac)) return undefined;
  return mac;
}
