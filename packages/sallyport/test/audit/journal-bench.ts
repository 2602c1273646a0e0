import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type AttemptRecord,
  type AuditRecord,
  type EventRecord,
  Journal,
  type JournalOptions,
  type OutcomeRecord,
  type Signer,
  signerFromSecret,
} from '@sallyport/audit';
import { Secret } from '@sallyport/core';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A new key: who signs with it, and its public half as PEM. */
export function newSigner(name = 'test.example/audit'): {
  readonly signer: Signer;
  readonly publicPem: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return {
    signer: signerFromSecret(name, new Secret(pem)),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  };
}

const CALL = {
  v: 1,
  time: '2026-03-01T10:00:00.000Z',
  server: 'files',
  policy: 'a'.repeat(64),
  call: 'c0',
  direction: 'inbound',
  kind: 'request',
  method: 'tools/call',
  target: 'read_file',
  principal: { subject: 'alice', roles: ['reader'], method: 'token' },
} as const;

export function attempt(id: string, over: Partial<AttemptRecord> = {}): AttemptRecord {
  return { ...CALL, id, type: 'attempt', arguments: { sha256: 'b'.repeat(64), bytes: 12 }, ...over };
}

export function outcome(id: string, over: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    ...CALL,
    id,
    type: 'outcome',
    status: 'ok',
    decision: { effect: 'permit', rule: 'readers read' },
    durationMs: 12,
    ...over,
  };
}

export function event(id: string, name: EventRecord['event'], over: Partial<EventRecord> = {}): EventRecord {
  const { v, time, server, policy } = CALL;
  return { v, time, server, policy, id, type: 'event', event: name, ...over };
}

/** A time on the day of the records. */
export function at(clock: string): { readonly time: string } {
  return { time: `2026-03-01T${clock}.000Z` };
}

/** A folder with journals in it, the key that signed them, and the command that reads them. */
export class JournalBench {
  readonly root: string = mkdtempSync(join(tmpdir(), 'sallyport-audit-'));
  readonly signer: Signer;
  readonly publicPem: string;
  /** Checkpoints as they were pushed. */
  readonly notes: string[] = [];

  constructor() {
    const { signer, publicPem } = newSigner();
    this.signer = signer;
    this.publicPem = publicPem;
    this.file('key.txt', `# of the tests\n${signer.verifierKey}\n`);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  file(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return name;
  }

  open(folder: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
    return Journal.open(this.path(folder), {
      signer: this.signer,
      onCheckpoint: (note) => this.notes.push(note),
      now: () => Date.parse(CALL.time),
      ...options,
    });
  }

  async write(
    folder: string,
    records: readonly AuditRecord[],
    options: Partial<JournalOptions> = {},
  ): Promise<void> {
    const journal = await this.open(folder, options);
    for (const record of records) await journal.append(record, { durable: true });
    await journal.close();
  }

  /** Paths of the files of a journal, oldest first. */
  files(folder: string, extension = '.journal'): string[] {
    const names = readdirSync(this.path(folder)).filter((name) => name.endsWith(extension));
    return names.sort().map((name) => join(this.path(folder), name));
  }

  rewrite(path: string, change: (bytes: Buffer) => Uint8Array): void {
    writeFileSync(path, change(readFileSync(path)));
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = { NO_COLOR: '1' }): ChildProcess {
    return spawn(process.execPath, [CLI, 'audit', ...args], {
      cwd: this.root,
      env: { PATH: process.env['PATH'], ...env },
    });
  }

  async run(...args: string[]): Promise<Ended> {
    return ended(this.start(args));
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const exit = new Promise<number | null>((done) => child.on('close', done));
  const [out, err] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code: await exit, out, err };
}

export function count(records: number, prefix = 'r'): AuditRecord[] {
  return Array.from({ length: records }, (_, index) => outcome(`${prefix}${index}`));
}

/** Takes away colours as picocolors writes them, and nothing else. */
export function withoutColours(shown: string): string {
  return shown.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9]{1,2}m`, 'g'), '');
}
