import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A policy in a folder of its own, removed by `dispose`. */
export class PolicyFolder {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  readonly path: string = join(this.directory, 'sallyport.yaml');

  constructor(text?: string) {
    if (text !== undefined) this.write('sallyport.yaml', text);
  }

  write(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
