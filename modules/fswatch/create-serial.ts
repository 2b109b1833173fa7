/** Runs jobs one after the other, in the order in which they were given. A job that fails fails for its giver alone. */
export type Serial = <Result>(job: () => Promise<Result> | Result) => Promise<Result>;

export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job);
    last = next.catch(() => undefined);
    return next;
  };
}
