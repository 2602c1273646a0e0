import { type ChildProcess, spawn } from 'node:child_process';

const WRITER = new URL('restriction-writer.ts', import.meta.url).pathname;

export interface Writer {
  readonly process: ChildProcess;
  /** When it has said so many lines, or has ended. */
  readonly reached: (lines: number) => Promise<unknown>;
  /** What it acknowledged until its end: whole lines. */
  readonly said: Promise<readonly string[]>;
}

export function runWriter(...args: readonly string[]): Writer {
  const child = spawn(
    process.execPath,
    ['--conditions=@sallyport/source', '--import', 'tsx', WRITER, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const said = new Promise<readonly string[]>((resolve) =>
    child.once('close', () => resolve(text.split('\n').slice(0, -1))),
  );
  const reached = (lines: number): Promise<unknown> =>
    Promise.race([
      said,
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (text.split('\n').length > lines) resolve();
        };
        child.stdout.on('data', look);
        look();
      }),
    ]);
  return { process: child, reached, said };
}
