import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sealFrame } from '../../src/journal/frame.ts';
import { prove } from '../../src/journal/prove.ts';
import { verify } from '../../src/journal/verify.ts';
import { framesOf } from './frames-of.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, newSigner } from './support.ts';

const SCRIPT = new URL('../../../../scripts/verify-journal.py', import.meta.url).pathname;
const PYTHON = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

interface Found {
  readonly verdict: string;
  readonly origin: string;
  readonly first: number;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly signed: number;
  readonly checkpoints: number;
}

function independently(what: 'journal' | 'proof', path: string, keys: readonly string[]): Found {
  const { status, stdout } = spawnSync('python3', [SCRIPT, what, path, ...keys], { encoding: 'utf8' });
  const found = JSON.parse(stdout) as Found;
  expect(status).toBe(found.verdict === 'ok' ? 0 : 1);
  return found;
}

if (PYTHON) secondImplementation();
else console.warn('python3 is not installed: proofs and roots were checked by one implementation alone.');

it('has its second opinion wherever python3 is installed, and always in CI', () => {
  expect(PYTHON || process.env['CI'] === undefined).toBe(true);
});

function secondImplementation(): void {
  const bench = new Bench();
  beforeAll(async () => {
    const options = { segmentBytes: 5000, keepBytes: 16_000, checkpointRecords: 8 };
    await bench.write(ids(60), options);
    await bench.write(ids(30, 'b'), options);
  });
  afterAll(() => bench.dispose());

  it('finds the same origin, sizes, root and checkpoints', async () => {
    const { origin, first, size, signed, checkpoints, root } = await verify(bench.folder, bench.keys);
    const found = independently('journal', bench.folder, bench.keys);
    expect(found).toEqual({
      verdict: 'ok',
      origin,
      first,
      size,
      signed,
      checkpoints,
      root: Buffer.from(root, 'hex').toString('base64'),
    });
    expect(first).toBeGreaterThan(0);
    expect(independently('journal', bench.folder, [newSigner().verifierKey]).verdict).toBe('unknown key');
  });

  it('accepts every proof, and none that was changed', async () => {
    const path = join(bench.root, 'proof.json');
    for (const id of (await readIds(bench.folder)).filter((id) => id.startsWith('b') && id.endsWith('5'))) {
      const proof = await prove(bench.folder, id, bench.keys);
      writeFileSync(path, JSON.stringify(proof));
      expect(independently('proof', path, bench.keys)).toMatchObject({ verdict: 'ok', index: proof.index });
      writeFileSync(path, JSON.stringify({ ...proof, record: proof.record.replace('2026-', '2027-') }));
      expect(independently('proof', path, bench.keys).verdict).toBe('path');
      writeFileSync(
        path,
        JSON.stringify({ ...proof, checkpoint: proof.checkpoint.replace(/\n\d+\n/, '\n9\n') }),
      );
      expect(independently('proof', path, bench.keys).verdict).toBe('signature');
    }
  });

  it('finds a changed record whether or not its checksum was made to fit, as the first one does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.boolean(), async (pick, some, sealed) => {
        const copy = new Bench();
        cpSync(bench.folder, copy.folder, { recursive: true });
        const paths = copy.files('.journal');
        const path = paths[pick % paths.length] ?? '';
        const bytes = readFileSync(path);
        const frames = framesOf(bytes).slice(1);
        const { start = 0, end = 0 } = frames[some % frames.length] ?? {};
        bytes.write('2027-', bytes.indexOf('2026-', start));
        if (sealed) sealFrame(bytes, start, end);
        writeFileSync(path, bytes);
        expect(independently('journal', copy.folder, bench.keys).verdict).not.toBe('ok');
        expect((await verify(copy.folder, bench.keys)).verdict).toBe('tampered');
        rmSync(copy.root, { recursive: true });
      }),
      { numRuns: 15 },
    );
  });
}
