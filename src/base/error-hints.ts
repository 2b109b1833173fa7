/**
 * Every error code with its hint: one sentence the investigator can act on. ERRORS.md explains each code; a house test holds the two together and
 * checks that each code is thrown somewhere and provoked by a test.
 */
export const errorHints = {
  BUG: 'This is a defect of gumshoe: please report it with what you did.',

  ACTION_INVALID: 'Correct the named key of the action and load it again.',
  FRAME_INVALID: 'The other side does not speak this version of the link: compare both versions.',
  LINE_TOO_LONG: 'Send the text in smaller pieces or narrow the search.',
  RESULT_INVALID:
    'The module or the agent answered with something else than a result: look at its log, then compare versions.',
  TARGET_INVALID: 'Correct the target at the named place; "help target" shows the columns and examples.',
  MESSAGE_INVALID: 'Send one line of JSON: {"class":"parameters","parameters":{...}}.',

  AGENT_UNREACHABLE: 'Look at the reason; the next launch tries to reach the agent again.',
  HOST_INVALID: 'See "help hosts" for examples.',
  HOST_UNKNOWN: '"hosts" lists them.',
  LINK_CLOSED: 'Launch again: the link is opened anew.',

  AGENT_ABSENT: 'Start one with "gumshoe-agent", or name the configuration of the running one with -c FILE.',
  AGENT_RUNNING: 'Talk to it with "gumshoe-agent -q status", or end it with "gumshoe-agent -q shutdown".',
  AGENT_SILENT: 'It may just start or end: ask once more; if it stays silent, its log says what it last did.',
  AGENT_STOPPING: 'Launch again when the agent runs again.',
  CALLER_REFUSED: "Ask as root or as the agent's own account, or add this account to 'allow' in its configuration.",
  RUN_FOLDER: 'Correct the named folder, or give the agent another one in its configuration.',
  CONFIG_INVALID:
    'Correct the named line: the agent does not start before; "GUMSHOE_AGENT_CONFIG=none gumshoe-agent -S" lists every key.',
  CONFIG_UNREADABLE:
    'Check the path and its permissions; without -c and GUMSHOE_AGENT_CONFIG the agent runs with its defaults.',
  IDENTITY_UNUSABLE:
    'Make the state folder writable for the account of the agent; the file may be moved away, then a new identity is made.',
  INSTALL_FAILED: 'Look at the reason, then call it again: what was done already is left as it is.',
  LOG_UNWRITABLE:
    'Give "log.file" a path in a folder that the account of the agent may write to, or leave it out for standard error.',
  NOT_ROOT: 'Call it with sudo, or with --root DIR to write below another root.',
  SERVICE_FAILED: 'Look at what systemctl said; the files are in place, and the call may be repeated.',
  SOCKET_PATH_TOO_LONG:
    'Set "run" in the configuration, or GUMSHOE_RUN, to a folder with a shorter path, such as /run/gumshoe.',

  AGENT_USAGE: 'See "gumshoe-agent --help" for the calls.',
  TARGET_MISMATCH:
    'Look at the target of the action, and at the agent with "agent NAME": its row is not what the target asks for.',
  LIMIT_REACHED: 'Launch fewer operations, or wait for some to end; "gumshoe-agent -S" shows the limits.',

  AUDIT_RULES: 'Correct the named rule in the section audit of the configuration, or in its rule file.',
  AUDIT_UNAVAILABLE:
    'Run the agent as root on the host itself, or leave the section audit out of its configuration; auditd may run beside it.',
  DESTROY_REFUSED:
    'Look at the reason: it says what, if anything, was done; correct pid and version, or end that agent by hand.',
  FLAG_UNKNOWN: 'See the flags of the module with "help <module>".',
  FLAG_VALUE: 'Correct the named flag; "help <module>" shows an example of each.',
  MONITOR_UNAVAILABLE:
    'Run the agent on the host itself, outside of containers and as root, on Linux: only there the kernel tells what its processes do.',
  PROC_UNREADABLE:
    'Run as root, and look whether /proc is mounted with hidepid: without its processes nobody knows which of them run.',
  MODULE_NOT_RUNNING:
    'Start the agent as a daemon with the module enabled; "agent <name>" shows its state and why it last ended.',
  MODULE_UNKNOWN: 'See the modules with "help modules".',
  PARAMETERS_INVALID: 'Correct the named parameter; "help <module>" lists them all.',
  SOCKET_INVALID: 'Give the agent a run folder with a shorter path: a unix socket holds about a hundred characters.',
  RESTART_FAILED: 'Look at the reason; the log of the agent, and its records in restarts.db, tell more.',
  QUESTION_CANCELLED: 'Nothing was changed: start again when you are ready.',

  LINEAGE_NEWER: 'Run the newer agent that made the file, or move the file away: a new one is begun then.',
  LINEAGE_UNWRITABLE:
    'Make room on the disk, and the state folder writable for the agent: the lineage goes on in memory until then.',

  YARA_MISSING:
    'Run "npm install" where gumshoe lies: its optional package @litko/yara-x is made for Linux (x64, glibc) and macOS.',
  YARA_RULES: 'Correct the rules at the named line and column.',
  YARA_SCAN: 'Look at the reason: the file was not scanned, the others were.',
  YARA_TIMEOUT: 'Raise the time limit of a scan, or leave slow regular expressions out of the rules.',

  CASE_NAME: 'Name the case with letters, digits, dots, dashes and underscores, 64 at most.',
  STORE_CORRUPT: 'Move the named file away (it is not touched), or open another case with --case NAME.',
  STORE_LOCKED: 'Close the other program that holds the file, or open another case with --case NAME.',
  STORE_NEWER: 'Start the newer gumshoe that made the file, or open another case with --case NAME.',
  STORE_UNWRITABLE: 'Make the folder writable for you, or set GUMSHOE_HOME to one that is.',

  COMMAND_UNKNOWN: '"help" lists the commands.',
  COMMAND_USAGE: '"help <command>" shows how it is used, with an example.',
  DRAFT_INCOMPLETE: 'Give the draft what it lacks, then launch it again: nothing was lost.',
  EXPORT_EXISTS: 'Choose another name, or add --force to replace the file.',
  FILE_UNREADABLE: 'Check the path: it is one of this host, as this account sees it.',
  FILE_UNWRITABLE: 'Choose a path in a folder that exists and that this account may write to.',
  FILTER_INVALID: 'Filters are: | grep [-v] RE, | head N, | count; RE is a linear-time (RE2) regular expression.',
  ID_UNKNOWN: '"actions" lists the actions, "list" the commands of one, "agents" the agents.',
  INPUT_INVALID: 'Send text, one command a line, each shorter than 1 MiB.',
  NOT_YET: 'This version of gumshoe cannot do it: "help" lists what it can.',
  QUOTE_OPEN: 'Close the quote, or write \\ before it to mean the character itself.',
  SEARCH_INVALID: 'Example: search action where name="find passwd%" and limit=10.',
  TARGET_UNKNOWN:
    'Give local, all, the name of an agent, tag:KEY=VALUE, or a condition: "agents" lists the agents, "help target" shows examples.',
} as const;
