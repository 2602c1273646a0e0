import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that is gone when the test is over. */
export interface TemporaryFolder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): void;
  [Symbol.dispose](): void;
}

export interface TemporaryRepository extends TemporaryFolder {
  git(...args: readonly string[]): string;
  commit(message: string): string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-scan-'));
  return {
    path,
    write: (name, content) => {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** With an identity and a clock of its own, and no configuration of whoever runs the test. */
export function temporaryRepository(): TemporaryRepository {
  const folder = temporaryFolder();
  let seconds = 1_700_000_000;
  const git = (...args: readonly string[]): string => {
    seconds += 60;
    return execFileSync('git', [...args], {
      cwd: folder.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: folder.path,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Ann Author',
        GIT_AUTHOR_EMAIL: 'ann@example.test',
        GIT_COMMITTER_NAME: 'Ann Author',
        GIT_COMMITTER_EMAIL: 'ann@example.test',
        GIT_AUTHOR_DATE: `${seconds} +0000`,
        GIT_COMMITTER_DATE: `${seconds} +0000`,
        GIT_ALLOW_PROTOCOL: 'file',
      },
    });
  };
  git('init', '--quiet', '--initial-branch=main');
  return {
    ...folder,
    git,
    commit: (message) => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
  };
}
