import { openLibrary } from '../../src/native/open-library.ts';

const PR_SET_NAME = 15;
const PR_GET_NAME = 16;

/** The name of the calling thread, of which the kernel tells every change: the cheapest event there is. Its first name comes back in the end. */
export function openThreadName(): Disposable & { readonly set: (name: string) => void } {
  const library = openLibrary({ prctl: { return: 'i32', arguments: ['i32', 'buffer'] } });
  if (!library) throw new Error('expected node:ffi, got none');
  const { prctl } = library.call;
  const first = Buffer.alloc(16);
  prctl(PR_GET_NAME, first);
  const name = Buffer.alloc(16);
  return {
    set: (text) => {
      name.fill(0);
      name.write(text, 'latin1');
      prctl(PR_SET_NAME, name);
    },
    [Symbol.dispose]: () => void prctl(PR_SET_NAME, first),
  };
}
