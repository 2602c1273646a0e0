import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** What git says when it fails; it names objects and files, and holds nothing of their content. */
export class GitError extends Error {
  override readonly name = 'GitError';
  /** The exit code; `undefined` where git could not be started at all. */
  readonly code: number | undefined;

  constructor(message: string, code: number | undefined) {
    super(message);
    this.code = code;
  }
}

/**
 * A repository is scanned because it is not trusted: nothing that its own configuration or attributes name may run. No
 * pager, file system monitor, external diff, text conversion, hook, signature check or transport; no prompt; and nothing
 * is fetched for a partial clone.
 */
const SAFE: readonly string[] = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=false',
    'core.untrackedCache=false',
    'core.hooksPath=/dev/null',
    'core.quotePath=true',
    'core.sshCommand=false',
    'core.pager=cat',
    'diff.submodule=short',
    'diff.suppressBlankEmpty=false',
    'diff.orderFile=/dev/null',
    'log.showSignature=false',
    'log.follow=false',
    'gc.auto=0',
    'maintenance.auto=false',
    'protocol.allow=never',
  ].flatMap((setting) => ['-c', setting]),
];

/** From the environment only what finds git, its user configuration and the home that is in; never `GIT_DIR` and the like. */
const KEPT = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'];
/** A hook is given the index that the commit is made of, and the objects that were pushed and are not accepted yet. */
const OF_HOOKS = ['GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES'];

export type Environment = Readonly<Record<string, string | undefined>>;

function safeEnvironment({ environment, asHook }: GitOptions): Environment {
  const kept = (asHook === true ? [...KEPT, ...OF_HOOKS] : KEPT).flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
}

export interface GitOptions {
  readonly cwd: string;
  readonly environment: Environment;
  /** What a hook is told by its environment is about this repository. Default false. */
  readonly asHook?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A git that runs. */
export interface GitProcess {
  readonly stdout: Readable;
  readonly stdin: Writable;
  /** Resolves when it ended well. @throws GitError when it did not */
  readonly done: Promise<void>;
  kill(): void;
}

/** Message of git, as much as says what is wrong. */
const MOST_MESSAGE = 400;

export function startGit(args: readonly string[], options: GitOptions): GitProcess {
  const { cwd, signal } = options;
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn('git', [...SAFE, ...args], {
    cwd,
    env: safeEnvironment(options),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < MOST_MESSAGE) said += text;
  });
  // A git that ends early does not read its input to the end; why it ended, its exit code says.
  child.stdin.on('error', () => {});
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      const message = missing
        ? 'git could not be started: it is not installed, or the folder to scan is not there.'
        : 'git could not be run.';
      reject(new GitError(message, undefined));
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new GitError(oneLine(said), code ?? undefined));
    });
  });
  // Whoever awaits it later gets the error; until then nobody else is to hear of it.
  done.catch(() => {});
  return { stdout: child.stdout, stdin: child.stdin, done, kill: () => void child.kill() };
}

function oneLine(said: string): string {
  const line = said.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line === '' ? 'git failed and did not say why.' : `git says: ${line.slice(0, MOST_MESSAGE)}`;
}

/** All that git writes. @throws GitError */
export async function readGit(args: readonly string[], options: GitOptions): Promise<Buffer> {
  const git = startGit(args, options);
  git.stdin.end();
  const parts: Buffer[] = [];
  for await (const part of git.stdout as AsyncIterable<Buffer>) parts.push(part);
  await git.done;
  return Buffer.concat(parts);
}
