/** Results as MIG writes them, and where the matches are, which MIG does not tell. The order of keys is MIG's. */

/** By label. Null: a match-any search without a condition. */
export type Elements = Readonly<Record<string, readonly Match[] | null>>;

/** With matchall a process that meets every condition; with matchany a process and the condition it meets. */
export interface Match {
  readonly process: {
    /** The path of the executable; "[name]" where there is none. "" stands for "nothing found". */
    readonly name: string;
    readonly pid: number;
  };
  readonly search: SearchEcho;
  /** The process started the agent: what is searched for may stand in its memory because it passed through. */
  readonly ancestor?: true;
  /** Where it was found; absent where addresses were not asked for. */
  readonly found?: readonly Found[];
}

/** The kinds of condition, as output names them, in the order in which they are tried and listed. */
export const checkKinds = ['name', 'library', 'byte', 'content', 'yara'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** The places of one condition in one process, in ascending order. */
export interface Found {
  readonly check: Exclude<CheckKind, 'name'>;
  /** The condition as it was given; of YARA rules the names of those that the places belong to. */
  readonly value: string;
  readonly count: number;
  /** Counting ended there: the process may hold more. */
  readonly more?: true;
  /** The first ones. */
  readonly at: readonly Place[];
}

/** A place in the memory of a process. Addresses are hexadecimal text, since numbers in JSON may lose digits. */
export interface Place {
  /** Where the match begins; where it ends, if it has no length here. */
  readonly address: string;
  /** In bytes; absent where the match is longer than 64 KiB. */
  readonly length?: number;
  /** The mapping that the address lies in: "7f2c00000000-7f2c00021000". */
  readonly region: string;
  /** "rw-p": read, write, execute, private or shared. */
  readonly permissions: string;
  /** What is mapped there: a file, "[heap]", "" for anonymous memory. */
  readonly path: string;
  /** Of a YARA rule: its name and the string of it. */
  readonly rule?: string;
  readonly string?: string;
}

/** How a match repeats the search or the condition that it belongs to. Lists that were not given are left out, limits too. */
export interface SearchEcho {
  readonly description?: string;
  readonly names?: readonly string[];
  readonly libraries?: readonly string[];
  readonly bytes?: readonly string[];
  readonly contents?: readonly string[];
  /** The beginning of the rules. */
  readonly yara?: string;
  readonly pids?: readonly string[];
  readonly options: {
    readonly logfailures?: true;
    readonly matchall?: true;
  };
}

export interface Statistics {
  /** Processes looked at. */
  readonly processcount: number;
  /** Bytes of memory read. */
  readonly memoryread: number;
  readonly totalhits: number;
  /** One sentence for each process, or part of one, that could not be read; only with logfailures, and only if there are any. */
  readonly failures?: readonly string[];
  /** As Go prints durations: "98ms". */
  readonly exectime: string;
  /** When it was over, RFC 3339, UTC: process ids are those of that time. */
  readonly finishedat?: string;
  /** Failures, told or not. */
  readonly failed: number;
  /** Processes that ended while they were searched. */
  readonly vanished: number;
  /** The agent's own processes: their memory holds what is searched for, and is not searched. */
  readonly own: readonly number[];
}

export const noStatistics: Statistics = {
  processcount: 0,
  memoryread: 0,
  totalhits: 0,
  exectime: '',
  failed: 0,
  vanished: 0,
  own: [],
};
