import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import { SubjectKeys } from '../../src/personal/subject-keys.ts';
import type { SubjectKeysOptions } from '../../src/personal/subject-keys-options.ts';

export const MASTER = 'b3JkaW5hcnkgdGVzdCBrZXksIG5vdCBhIHNlY3JldCE=';

/** A folder of its own, and keys in it. */
export class KeyBench {
  readonly root: string = mkdtempSync(join(tmpdir(), 'sallyport-personal-'));
  readonly file: string = join(this.root, 'keys', 'personal.keys');
  readonly #open: SubjectKeys[] = [];

  async open(options: Partial<SubjectKeysOptions> = {}): Promise<SubjectKeys> {
    const keys = await SubjectKeys.open({ file: this.file, key: masterOf(MASTER), ...options });
    this.#open.push(keys);
    return keys;
  }

  /** Whether a text stands anywhere below the folder, in UTF-8 or as base64. */
  holds(text: string): boolean {
    const forms = [Buffer.from(text), ...[0, 1, 2].map((offset) => base64At(text, offset))];
    return this.contents().some((bytes) => forms.some((form) => bytes.includes(form)));
  }

  contents(): Buffer[] {
    return readdirSync(this.root, { recursive: true, encoding: 'utf8' })
      .map((name) => join(this.root, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path));
  }

  async dispose(): Promise<void> {
    for (const keys of this.#open) await keys.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function masterOf(text: string): () => Promise<Secret> {
  return () => Promise.resolve(new Secret(text));
}

/** What of the text's base64 does not depend on what stands around it. */
function base64At(text: string, offset: number): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
  const from = Math.ceil((offset * 8) / 6);
  return Buffer.from(bytes.toString('base64url').slice(from, Math.floor((bytes.length * 8) / 6)));
}
