import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** The other libraries that redact, at the versions that were measured. */
const VERSIONS = {
  'redact-pii': '3.4.0',
  '@openredaction/core': '1.1.5',
  '@redactpii/node': '1.0.17',
} as const;

const FOLDER = resolve('node_modules/.cache/bench-peers');

/** A library that redacts: a text in, a text out. */
export interface Peer {
  readonly name: string;
  readonly redact: (text: string) => string | Promise<string>;
  /** Characters of the text that it is measured on: the slow ones would take minutes for all of it. */
  readonly size: number;
}

interface RedactPii {
  readonly SyncRedactor: new () => { redact(text: string): string };
}
interface OpenRedaction {
  readonly OpenRedaction: new () => { detect(text: string): Promise<{ readonly redacted: string }> };
}
interface RedactPiiNode {
  readonly Redactor: new () => { redact(text: string): string };
}

/** Loads them, after npm has installed them beside this project: nothing else here needs them. */
export function loadPeers(): readonly Peer[] {
  install();
  const load = createRequire(join(FOLDER, 'package.json'));
  const { SyncRedactor } = load('redact-pii') as RedactPii;
  const { OpenRedaction } = load('@openredaction/core') as OpenRedaction;
  const { Redactor } = load('@redactpii/node') as RedactPiiNode;
  const [redactPii, open, node] = [new SyncRedactor(), new OpenRedaction(), new Redactor()];
  return [
    { name: '@redactpii/node', redact: (text) => node.redact(text), size: 20_000_000 },
    { name: 'redact-pii', redact: (text) => redactPii.redact(text), size: 2_000_000 },
    {
      name: 'openredaction',
      redact: async (text) => (await open.detect(text)).redacted,
      size: 100_000,
    },
  ];
}

function install(): void {
  mkdirSync(FOLDER, { recursive: true });
  const manifest = JSON.stringify({ private: true, dependencies: VERSIONS });
  if (!existsSync(join(FOLDER, 'node_modules', 'redact-pii'))) {
    writeFileSync(join(FOLDER, 'package.json'), manifest);
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: FOLDER,
      stdio: 'ignore',
    });
  }
}
