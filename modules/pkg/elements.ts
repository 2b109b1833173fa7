/** What pkg answers, as it travels. */

/** An installed package. The first four keys are MIG's; the others are there when details were asked for and the database tells them. */
export interface Item {
  readonly name: string;
  readonly version: string;
  readonly type: 'dpkg' | 'rpm' | 'apk';
  readonly arch: string;
  /** The source package, which advisories name: "openssl" of libssl3. */
  readonly source?: string;
  /** When this version came onto the disk: "2026-11-21T07:20:31Z". */
  readonly installed?: string;
  /** dpkg's state where it is not plainly installed: "hold ok installed". */
  readonly status?: string;
}

export interface Elements {
  readonly packages: readonly Item[];
}

export interface Statistics {
  /** A duration as Go prints it: "1.885682ms". */
  readonly execruntime: string;
  /** Installed packages that were looked at. Absent when the run failed. */
  readonly examined?: number;
}
