import { messageOf } from './app-error.ts';

/** Why a name has no address, with what can be done about it, in words to follow "could not be resolved: ". The codes are those of getaddrinfo(3). */
export function describeLookupError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOTFOUND' || code === 'EAI_NODATA')
    return `the resolver knows no address of that name (${code}): check how it is written, or give an address`;
  if (code === 'EAI_AGAIN' || code === 'EAI_FAIL')
    return `no name server answered (${code}): check /etc/resolv.conf and the way to its servers, or give an address`;
  return messageOf(error);
}
