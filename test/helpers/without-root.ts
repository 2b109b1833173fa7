const nobody = 65_534;

/** Does the work with the rights of an ordinary user; a test that already runs as one just runs. Imports must be loaded before. */
export async function withoutRoot<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
