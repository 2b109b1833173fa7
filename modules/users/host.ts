import { hostname } from 'node:os';
import type { TextCodec } from '../../src/linux/host/create-path-resolver.ts';
import { createHostFiles, type HostFiles } from '../../src/linux/host/host-files.ts';
import { decodeLatin1Path, encodePath } from '../../src/search/walk/path-text.ts';

/** Where the facts of a host are read; a test brings a tree of its own. */
export interface Host {
  readonly files: HostFiles;
  readonly codec: TextCodec;
  readonly hostName: string;
  /** As process.arch. */
  readonly architecture: string;
}

const codec: TextCodec = { decodeLatin1: decodeLatin1Path, encode: encodePath };

export function openHost(root = '/'): Host {
  return { files: createHostFiles({ codec, root }), codec, hostName: hostname(), architecture: process.arch };
}
