import { MonitorError } from '../../../base/app-error.ts';
import { errnoOf } from '../../../linux/errno.ts';
import type { openFanotify } from '../../../native/fanotify.ts';

type Opened = NonNullable<ReturnType<typeof openFanotify>>;

const reasons: Readonly<Record<string, string>> = {
  EPERM: 'that takes CAP_SYS_ADMIN in the first user namespace of the host',
  EINVAL: 'that takes Linux 5.17 or later',
  ENOSYS: 'this kernel was built without fanotify',
  EMFILE: 'this user has as many groups of fanotify as fs.fanotify.max_user_groups allows',
};

/** EPERM of open_by_handle_at(2) comes before it looks at the handle. */
const notPermitted = -1;

/** Opens, or throws MonitorError MONITOR_UNAVAILABLE with what is missing. */
export function explainRefusal(open: typeof openFanotify): Opened {
  const opened = attempt(open);
  const { group, calls } = opened;
  const root = calls.openFolder('/');
  // A handle of no file: 8 bytes of type 1.
  const probe = Buffer.from([8, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  const answer = calls.openHandle(root, probe);
  calls.closeAll([root, answer].filter((file) => file >= 0));
  if (answer !== notPermitted) return opened;
  group.close();
  throw refuse('that takes CAP_DAC_READ_SEARCH in the first user namespace of the host');
}

function attempt(open: typeof openFanotify): Opened {
  let opened: ReturnType<typeof openFanotify>;
  try {
    opened = open();
  } catch (error) {
    const code = errnoOf(error) ?? '';
    throw refuse(`${reasons[code] ?? 'the kernel refuses'} (${code})`, error);
  }
  if (!opened) throw refuse('that takes Linux and a Node.js with node:ffi');
  return opened;
}

const refuse = (why: string, cause?: unknown): MonitorError =>
  new MonitorError('MONITOR_UNAVAILABLE', `changes of files cannot be heard: ${why}`, { cause });
