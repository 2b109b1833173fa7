/** The types of audit records by number and name. Source: linux/audit.h, libaudit.h. */

/** Names in the order of their numbers; a number says where the names behind it begin. */
const table = `
1005 USER LOGIN 1100 USER_AUTH USER_ACCT USER_MGMT CRED_ACQ CRED_DISP USER_START USER_END USER_AVC USER_CHAUTHTOK USER_ERR CRED_REFR USYS_CONFIG
USER_LOGIN USER_LOGOUT ADD_USER DEL_USER ADD_GROUP DEL_GROUP DAC_CHECK CHGRP_ID TEST TRUSTED_APP USER_SELINUX_ERR USER_CMD USER_TTY CHUSER_ID
GRP_AUTH SYSTEM_BOOT SYSTEM_SHUTDOWN SYSTEM_RUNLEVEL SERVICE_START SERVICE_STOP GRP_MGMT GRP_CHAUTHTOK MAC_CHECK ACCT_LOCK ACCT_UNLOCK USER_DEVICE
SOFTWARE_UPDATE 1200 DAEMON_START DAEMON_END DAEMON_ABORT DAEMON_CONFIG 1300 SYSCALL 1302 PATH IPC SOCKETCALL CONFIG_CHANGE SOCKADDR CWD 1309 EXECVE
1311 IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR KERNEL_OTHER FD_PAIR OBJ_PID TTY EOE BPRM_FCAPS CAPSET MMAP NETFILTER_PKT
NETFILTER_CFG SECCOMP PROCTITLE FEATURE_CHANGE REPLACE KERN_MODULE FANOTIFY TIME_INJOFFSET TIME_ADJNTPVAL BPF EVENT_LISTENER URINGOP OPENAT2 DM_CTRL
DM_EVENT 1400 AVC SELINUX_ERR AVC_PATH MAC_POLICY_LOAD MAC_STATUS MAC_CONFIG_CHANGE MAC_UNLBL_ALLOW MAC_CIPSOV4_ADD MAC_CIPSOV4_DEL MAC_MAP_ADD
MAC_MAP_DEL MAC_IPSEC_ADDSA MAC_IPSEC_DELSA MAC_IPSEC_ADDSPD MAC_IPSEC_DELSPD MAC_IPSEC_EVENT MAC_UNLBL_STCADD MAC_UNLBL_STCDEL MAC_CALIPSO_ADD
MAC_CALIPSO_DEL IPE_ACCESS IPE_CONFIG_CHANGE IPE_POLICY_LOAD LANDLOCK_ACCESS LANDLOCK_DOMAIN 1700 ANOM_PROMISCUOUS ANOM_ABEND ANOM_LINK ANOM_CREAT
1800 INTEGRITY_DATA INTEGRITY_METADATA INTEGRITY_STATUS INTEGRITY_HASH INTEGRITY_PCR INTEGRITY_RULE INTEGRITY_EVM_XATTR INTEGRITY_POLICY_RULE
2000 KERNEL 2100 ANOM_LOGIN_FAILURES ANOM_LOGIN_TIME ANOM_LOGIN_SESSIONS ANOM_LOGIN_ACCT ANOM_LOGIN_LOCATION ANOM_MAX_DAC ANOM_MAX_MAC ANOM_AMTU_FAIL
ANOM_RBAC_FAIL ANOM_RBAC_INTEGRITY_FAIL ANOM_CRYPTO_FAIL ANOM_ACCESS_FS ANOM_EXEC ANOM_MK_EXEC ANOM_DEL_ACCT ANOM_ADD_ACCT ANOM_MOD_ACCT
ANOM_ROOT_TRANS`;

export const recordTypes = {
  syscall: 1300,
  path: 1302,
  configChange: 1305,
  sockaddr: 1306,
  cwd: 1307,
  execve: 1309,
  endOfEvent: 1320,
  proctitle: 1327,
} as const;

export interface RecordTypeNames {
  /** "SYSCALL"; of an unknown one "UNKNOWN[1999]", as the tools of audit write it. */
  readonly nameOf: (type: number) => string;
  readonly typeOf: (name: string) => number | undefined;
  readonly names: readonly string[];
}

export function createRecordTypeNames(): RecordTypeNames {
  const names = new Map<number, string>();
  const types = new Map<string, number>();
  let at = 0;
  for (const word of table.trim().split(/\s+/)) {
    if (/^\d+$/.test(word)) at = Number(word);
    else {
      types.set(word, at);
      names.set(at++, word);
    }
  }
  return {
    nameOf: (type) => names.get(type) ?? `UNKNOWN[${type}]`,
    typeOf: (name) => types.get(name),
    names: [...types.keys()],
  };
}

/** True for a record that is a whole event, and for the last one of an event of several. Source: auparse of the audit tools, go-libaudit. */
export function endsEvent(type: number): boolean {
  return (
    type === recordTypes.proctitle ||
    type === recordTypes.endOfEvent ||
    type < recordTypes.syscall ||
    type >= 2100 ||
    type === 2000 ||
    (type >= 1406 && type <= 1419)
  );
}
