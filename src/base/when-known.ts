/** Goes on with a value: at once where it is there, later where it is promised. What most often is there need not wait its turn a million times. */
export function whenKnown<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? goOnLater(value, next) : next(value);
}

async function goOnLater<Value, Result>(
  promised: Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Promise<Result> {
  return next(await promised);
}
