/** Rules of the kernel's audit, as values. Source: linux/audit.h, auditctl(8). */

export const ruleLists = { user: 0, task: 1, exit: 4, exclude: 5, filesystem: 6 } as const;
export type RuleList = keyof typeof ruleLists;

export const ruleActions = { never: 0, always: 2 } as const;
export type RuleAction = keyof typeof ruleActions;

export const ruleOperators = {
  '=': 0x4000_0000,
  '!=': 0x3000_0000,
  '>': 0x2000_0000,
  '>=': 0x6000_0000,
  '<': 0x1000_0000,
  '<=': 0x5000_0000,
  '&': 0x0800_0000,
  '&=': 0x4800_0000,
} as const;
export type RuleOperator = keyof typeof ruleOperators;

/** The fields with a number as value. */
export const numberFields = {
  pid: 0,
  uid: 1,
  euid: 2,
  suid: 3,
  fsuid: 4,
  gid: 5,
  egid: 6,
  sgid: 7,
  fsgid: 8,
  auid: 9,
  loginuid: 9,
  pers: 10,
  arch: 11,
  msgtype: 12,
  ppid: 18,
  sessionid: 25,
  devmajor: 100,
  devminor: 101,
  inode: 102,
  exit: 103,
  success: 104,
  perm: 106,
  filetype: 108,
  obj_uid: 109,
  obj_gid: 110,
  saddr_fam: 113,
  a0: 200,
  a1: 201,
  a2: 202,
  a3: 203,
} as const;

/** The fields with a text. */
export const textFields = {
  subj_user: 13,
  subj_role: 14,
  subj_type: 15,
  subj_sen: 16,
  subj_clr: 17,
  obj_user: 19,
  obj_role: 20,
  obj_type: 21,
  obj_lev_low: 22,
  obj_lev_high: 23,
  path: 105,
  dir: 107,
  exe: 112,
  key: 210,
} as const;

export type RuleField =
  | { readonly name: keyof typeof numberFields; readonly operator: RuleOperator; readonly value: number }
  | { readonly name: keyof typeof textFields; readonly operator: RuleOperator; readonly value: string };

export interface AuditRule {
  readonly list: RuleList;
  readonly action: RuleAction;
  /** Numbers of system calls; 'all' also where the list knows no system calls. */
  readonly syscalls: 'all' | readonly number[];
  readonly fields: readonly RuleField[];
}
