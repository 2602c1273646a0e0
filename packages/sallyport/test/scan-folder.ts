import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = resolve('packages/sallyport/test/fixtures/scan-program.mjs');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Letters and digits that nobody was ever given, another one each time. */
export function madeUp(length: number): string {
  const units = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  let made = '';
  while (made.length < length) {
    const drawn = [...randomBytes(length)].map((byte) => units[byte % units.length]).join('');
    made = drawn.slice(0, length);
    // One that could be taken for words is none.
    if (!/\d.*\d.*\d.*\d/.test(made) || length < 16) made = length < 16 ? made : '';
  }
  return made;
}

/** A token of the shape of GitHub's, its check wrong. */
export function madeUpToken(): string {
  return `ghp_${madeUp(36)}`;
}

/** A folder, perhaps a repository, to scan by the command. */
export class ScanFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'sallyport-scan-'));

  write(name: string, content: string | Buffer): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  git(...args: readonly string[]): string {
    const own = [
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.org',
      '-c',
      'init.defaultBranch=main',
    ];
    return execFileSync('git', [...own, ...args], {
      cwd: this.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], HOME: this.path, GIT_CONFIG_NOSYSTEM: '1' },
    });
  }

  commit(message: string): void {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message);
  }

  /** @param below where the command is given, in the folder */
  async run(args: readonly string[], input: string | Buffer = '', below = ''): Promise<Ended> {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: join(this.path, below),
      env: { PATH: process.env['PATH'], HOME: this.path, GIT_CONFIG_NOSYSTEM: '1', NO_COLOR: '1' },
    });
    // Whoever refuses early does not read to the end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const exit = new Promise<number | null>((done) => child.on('close', done));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await exit, out, err };
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
