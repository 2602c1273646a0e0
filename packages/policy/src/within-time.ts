/** A local disk answers in milliseconds, and one of the network in a second. */
const PATIENCE_MS = 5000;

/**
 * What a promise resolves with; undefined when it takes longer than a file may. What it then comes to is not looked at.
 *
 * @param patienceMs milliseconds. Default: 5000
 */
export function withinTime<T>(promise: Promise<T>, patienceMs: number = PATIENCE_MS): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), patienceMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
