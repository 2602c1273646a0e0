import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Public packages of many kinds: compiled and written code, types, documentation, data, source maps. About 105 MB. */
const PACKAGES: readonly string[] = [
  'typescript@5.9.2',
  'three@0.180.0',
  'rxjs@7.8.2',
  'lodash@4.17.21',
  'webpack@5.101.3',
  'eslint@9.35.0',
  'stripe@18.5.0',
  'mongodb@6.19.0',
  'openai@5.20.0',
  'prettier@3.6.2',
  'core-js@3.45.1',
  'twilio@5.9.0',
];

/** Versions of a package that are a history: one commit each. */
const RELEASES: readonly string[] = [
  'openai@4.20.0',
  'openai@4.40.0',
  'openai@4.60.0',
  'openai@4.80.0',
  'openai@4.100.0',
  'openai@5.0.1',
  'openai@5.10.0',
  'openai@5.20.0',
  'mongodb@5.0.0',
  'mongodb@5.9.0',
  'mongodb@6.0.0',
  'mongodb@6.5.0',
  'mongodb@6.10.0',
  'mongodb@6.19.0',
];

/** Not under `node_modules`: some scanners leave that out. */
const FOLDER = join(tmpdir(), 'sallyport-bench-packages');

/** The folder with the packages, after npm has fetched them. */
export function packagesFolder(): string {
  return made('tree', (folder) => {
    for (const name of PACKAGES) unpack(name, join(folder, name.replaceAll(/[@/]/g, '-')));
  });
}

/** A repository whose commits are releases. */
export function releasesRepository(): string {
  return made('history', (folder) => {
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.test', ...args], {
        cwd: folder,
        stdio: 'ignore',
      });
    mkdirSync(folder, { recursive: true });
    git('init', '-q', '-b', 'main');
    for (const release of RELEASES) {
      const name = release.slice(0, release.indexOf('@'));
      rmSync(join(folder, name), { recursive: true, force: true });
      unpack(release, join(folder, name));
      git('add', '--all', '--force');
      git('commit', '-q', '-m', release);
    }
  });
}

/** Made under another name first, so that an interrupted download is no corpus. */
function made(name: string, make: (folder: string) => void): string {
  const folder = join(FOLDER, name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  make(partial);
  renameSync(partial, folder);
  return folder;
}

function unpack(name: string, folder: string): void {
  const download = join(FOLDER, 'download');
  rmSync(download, { recursive: true, force: true });
  mkdirSync(join(download, 'package'), { recursive: true });
  execFileSync('npm', ['pack', '--silent', name], { cwd: download, stdio: 'ignore' });
  const archive = readdirSync(download).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm fetched nothing for ${name}.`);
  execFileSync('tar', ['-xzf', archive, '-C', 'package', '--strip-components=1'], { cwd: download });
  cpSync(join(download, 'package'), folder, { recursive: true });
  rmSync(download, { recursive: true });
}
