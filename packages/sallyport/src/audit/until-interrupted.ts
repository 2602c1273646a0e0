/** Runs something that has no end of its own until Ctrl-C or SIGTERM asks for it. */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupt = new AbortController();
  const end = (): void => interrupt.abort();
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  try {
    await run(interrupt.signal);
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}
