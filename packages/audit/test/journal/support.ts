import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import type { AuditRecord } from '../../src/index.ts';
import { Journal } from '../../src/journal/journal.ts';
import type { JournalEvent, JournalOptions } from '../../src/journal/journal-options.ts';
import type { Signer } from '../../src/journal/note.ts';
import { signerFromSecret } from '../../src/journal/signer.ts';

export function newPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

export function newSigner(name = 'test.example/audit'): Signer {
  return signerFromSecret(name, new Secret(newPem()));
}

export function record(id: string, policy = 'digest'): AuditRecord {
  return {
    v: 1,
    id,
    time: '2026-01-01T00:00:00.000Z',
    server: 'default',
    policy,
    type: 'event',
    event: 'start',
  };
}

const PRINCIPAL = { subject: 'alice', roles: [], method: 'token' };

/** The attempt of a call with this id, or its outcome. */
export function ofCall(call: string, type: 'attempt' | 'outcome' = 'attempt'): AuditRecord {
  const { v, time, server, policy } = record(call);
  const common = { v, id: `${type} of ${call}`, time, server, policy, call, principal: PRINCIPAL } as const;
  const about = { direction: 'inbound', kind: 'request', method: 'tools/call', target: 'read' } as const;
  return type === 'attempt'
    ? { ...common, ...about, type }
    : { ...common, ...about, type, status: 'ok', durationMs: 1 };
}

/** A journal in a folder of its own, and what it told. */
export class Bench {
  readonly root: string = mkdtempSync(join(tmpdir(), 'sallyport-journal-'));
  readonly folder: string = join(this.root, 'journal');
  readonly signer: Signer = newSigner();
  readonly keys: readonly string[] = [this.signer.verifierKey];
  readonly notes: string[] = [];
  readonly events: JournalEvent[] = [];

  open(options: Partial<JournalOptions> = {}): Promise<Journal> {
    return Journal.open(this.folder, {
      signer: this.signer,
      onCheckpoint: (note) => this.notes.push(note),
      onEvent: (event) => this.events.push(event),
      ...options,
    });
  }

  /** Durable records with these ids, in a journal that is opened and closed for them. */
  async write(ids: readonly string[], options: Partial<JournalOptions> = {}): Promise<void> {
    const journal = await this.open(options);
    for (const id of ids) await journal.append(record(id), { durable: true });
    await journal.close();
  }

  files(extension: string): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith(extension))
      .sort()
      .map((name) => join(this.folder, name));
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function ids(count: number, prefix = 'r'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
