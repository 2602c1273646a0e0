import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealFrame } from '../../src/journal/frame.ts';
import { verifierKeyOf } from '../../src/journal/note.ts';
import { prove, proveConsistency, verifyConsistencyProof, verifyProof } from '../../src/journal/prove.ts';
import type { Verification } from '../../src/journal/verification.ts';
import { verify } from '../../src/journal/verify.ts';
import { readIds } from './read-ids.ts';
import { Bench, ids, newPem, newSigner, record } from './support.ts';
import { cutAt } from './cut-at.ts';
import { framesOf } from './frames-of.ts';

/** Some segments, pruned at the beginning, closed, opened again; copied for each attack. */
const original = new Bench();
const signedSizes: number[] = [];
let whole: Verification;

beforeAll(async () => {
  const options = {
    segmentBytes: 4000,
    keepBytes: 14_000,
    checkpointRecords: 8,
    onCheckpoint: (note: string) => {
      original.notes.push(note);
      signedSizes.push(Number(note.split('\n')[1]));
    },
  };
  await original.write(ids(60), options);
  await original.write(ids(25, 'b'), options);
  whole = await verify(original.folder, original.keys);
  // Each file has to hold something that can be changed, and the last rotation may have left an empty segment.
  for (let more = 0; original.files('.journal').at(-1)?.includes(`${whole.size}.journal`) === true; more++) {
    await original.write(ids(2, `c${more}-`), options);
    whole = await verify(original.folder, original.keys);
  }
});
afterAll(() => original.dispose());

/** Runs an attack on a copy. */
async function after(
  attack: (copy: Bench) => Promise<void> | void,
  options: { readonly checkpoint?: string } = {},
): Promise<Verification> {
  const copy = new Bench();
  cpSync(original.folder, copy.folder, { recursive: true });
  try {
    await attack(copy);
    return await verify(copy.folder, original.keys, options);
  } finally {
    copy.dispose();
  }
}

function rewrite(path: string, change: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(path, change(readFileSync(path)));
}

const anySegment = (copy: Bench, pick: number): string => {
  const paths = copy.files('.journal');
  return paths[pick % paths.length] ?? '';
};

it('a journal that was pruned, closed and opened again is sound', () => {
  expect(whole).toMatchObject({ verdict: 'ok', signed: whole.size });
  expect(whole.first).toBeGreaterThan(0);
  expect(whole.segments).toBeGreaterThan(2);
});

describe('any change is found', () => {
  it('of a single bit, in any file of the journal', async () => {
    const files = [...original.files('.journal'), ...original.files('.checkpoints')];
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), fc.nat(), async (pick, where) => {
        const found = await after((copy) => {
          const path = [...copy.files('.journal'), ...copy.files('.checkpoints')][pick] ?? '';
          rewrite(path, (bytes) => {
            const bit = where % (bytes.length * 8);
            bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
            return bytes;
          });
        });
        expect(found.verdict).not.toBe('ok');
      }),
      { numRuns: 250 },
    );
  });

  it('of a byte in a record, and the record is named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(), async (pick, some, where) => {
        let sequence = -1;
        const found = await after((copy) => {
          rewrite(anySegment(copy, pick), (bytes) => {
            const frames = framesOf(bytes).slice(1);
            const frame = frames[some % frames.length];
            if (frame === undefined) return bytes;
            sequence = frame.seq;
            const at = frame.start + 8 + (where % (frame.end - frame.start - 8));
            bytes[at] = (bytes[at] ?? 0) ^ 0x20;
            return bytes;
          });
        });
        expect(found).toMatchObject({ verdict: 'tampered', sequence, why: 'bytes' });
      }),
      { numRuns: 60 },
    );
  });

  it('of a record with its checksum made to fit, and the record or its successor is named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (pick, some) => {
        let sequence = -1;
        const found = await after((copy) => {
          rewrite(anySegment(copy, pick), (bytes) => {
            const frames = framesOf(bytes).slice(1);
            const frame = frames[some % frames.length];
            if (frame === undefined) return bytes;
            sequence = frame.seq;
            const at = bytes.indexOf('2026-', frame.start);
            bytes.write('2027-', at);
            sealFrame(bytes, frame.start, frame.end);
            return bytes;
          });
        });
        expect(found.verdict).toBe('tampered');
        if (found.verdict !== 'tampered') return;
        expect(found.sequence).toBeLessThanOrEqual(sequence);
        expect(found.until).toBeGreaterThan(sequence);
      }),
      { numRuns: 60 },
    );
  });

  it('by cutting any file anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (pick, where) => {
        const found = await after((copy) => {
          const path = anySegment(copy, pick);
          truncateSync(path, where % statSync(path).size);
        });
        expect(found.verdict).not.toBe('ok');
      }),
      { numRuns: 100 },
    );
  });

  it('by removing, doubling or swapping records, and the first of them is named', async () => {
    const kinds = fc.constantFrom('remove', 'double', 'swap');
    await fc.assert(
      fc.asyncProperty(kinds, fc.nat(), fc.nat(), async (kind, pick, some) => {
        let sequence = -1;
        const found = await after((copy) => {
          rewrite(anySegment(copy, pick), (bytes) => {
            const frames = framesOf(bytes);
            const index = 1 + (some % (frames.length - 2));
            sequence = frames[index]?.seq ?? -1;
            const parts = frames.map(({ start, end }) => bytes.subarray(start, end));
            const [one = bytes, two = bytes] = [parts[index], parts[index + 1]];
            if (kind === 'remove') parts.splice(index, 1);
            if (kind === 'double') parts.splice(index, 0, one);
            if (kind === 'swap') parts.splice(index, 2, two, one);
            return Buffer.concat(parts);
          });
        });
        expect(['tampered', 'gap']).toContain(found.verdict);
        if ('sequence' in found) expect(found.sequence).toBe(kind === 'double' ? sequence + 1 : sequence);
      }),
      { numRuns: 100 },
    );
  });

  it('by removing a segment from the beginning or the middle', async () => {
    for (let index = 0; index < whole.segments - 1; index += 1) {
      const found = await after((copy) => {
        rmSync(copy.files('.journal')[index] ?? '');
        rmSync(copy.files('.checkpoints')[index] ?? '');
      });
      expect(found.verdict).toBe('gap');
    }
  });

  it('by writing it all anew with another key', async () => {
    const other = new Bench();
    await other.write(ids(30));
    const found = await after((copy) => {
      rmSync(copy.folder, { recursive: true });
      cpSync(other.folder, copy.folder, { recursive: true });
    });
    expect(found.verdict).toBe('unknown_key');
    other.dispose();
  });
});

describe('a journal cut off at a checkpoint', () => {
  it('is found with any later checkpoint from outside; by itself it says how far it goes', async () => {
    const plain = new Bench();
    await plain.write(ids(40), { segmentBytes: 4000, checkpointRecords: 8 });
    const sizes = plain.notes.map((note) => Number(note.split('\n')[1]));
    const full = join(plain.root, 'full');
    cpSync(plain.folder, full, { recursive: true });
    for (const size of sizes.slice(0, -1)) {
      cutAt(plain, size);
      expect(await verify(plain.folder, plain.keys)).toMatchObject({ verdict: 'ok', size, signed: size });
      for (const [index, checkpoint] of plain.notes.entries()) {
        const until = sizes[index] ?? 0;
        expect(await verify(plain.folder, plain.keys, { checkpoint })).toMatchObject(
          until > size
            ? { verdict: 'truncated', sequence: size, until, by: 'given' }
            : { verdict: 'ok', given: 'checked' },
        );
      }
      rmSync(plain.folder, { recursive: true });
      cpSync(full, plain.folder, { recursive: true });
    }
    expect(sizes.length).toBeGreaterThan(4);
    plain.dispose();
  });

  it('is found although nothing is left of it', async () => {
    const found = await after((copy) => cutAt(copy, 0), { checkpoint: original.notes.at(-1) ?? '' });
    expect(found).toMatchObject({ verdict: 'truncated', sequence: 0, until: whole.size, by: 'given' });
  });
});

describe('a checkpoint from outside', () => {
  it('of the same journal is checked wherever its records are, and said to be pruned where they are not', async () => {
    for (const [index, note] of original.notes.entries()) {
      const found = await verify(original.folder, original.keys, { checkpoint: note });
      const pruned = (signedSizes[index] ?? 0) < whole.first;
      expect(found).toMatchObject({ verdict: 'ok', given: pruned ? 'pruned' : 'checked' });
    }
  });

  it('finds a history that was written anew with the right key', async () => {
    const forged = new Bench();
    const options = { signer: original.signer, newId: sameIds() };
    await forged.write(ids(5), options);
    const real = new Bench();
    await real.write([...ids(4), 'other'], { ...options, newId: sameIds() });
    const found = await verify(forged.folder, original.keys, { checkpoint: real.notes.at(-1) ?? '' });
    expect(found).toMatchObject({ verdict: 'tampered', why: 'root' });
    const elsewhere = await verify(forged.folder, original.keys, { checkpoint: original.notes.at(-1) ?? '' });
    expect(elsewhere).toMatchObject({ verdict: 'tampered', why: 'origin' });
    forged.dispose();
    real.dispose();
  });

  it('that is none is refused; one by an unknown key is told', async () => {
    await expect(verify(original.folder, original.keys, { checkpoint: 'x' })).rejects.toMatchObject({
      code: 'malformed',
    });
    const found = await verify(original.folder, [newSigner().verifierKey], {
      checkpoint: original.notes[0] ?? '',
    });
    expect(found.verdict).toBe('unknown_key');
  });
});

describe('an inclusion proof', () => {
  it('of every record verifies with the key alone, and no changed proof does', async () => {
    for (const id of (await readIds(original.folder)).filter((id) => !id.startsWith('#'))) {
      const proof = await prove(original.folder, id, original.keys);
      const sent = JSON.parse(JSON.stringify(proof)) as typeof proof;
      expect(verifyProof(sent, original.keys)).toMatchObject({ ok: true, record: { id }, size: whole.size });
      expect(verifyProof({ ...proof, index: proof.index + 1 }, original.keys)).toMatchObject({ ok: false });
      const changed = proof.record.replace('2026-', '2027-');
      expect(verifyProof({ ...proof, record: changed }, original.keys)).toEqual({ ok: false, why: 'path' });
      expect(verifyProof({ ...proof, path: proof.path.toReversed() }, original.keys)).toMatchObject({
        ok: false,
      });
      expect(verifyProof(proof, [newSigner().verifierKey])).toEqual({ ok: false, why: 'unknown_key' });
    }
    for (const rubbish of [undefined, null, {}, { v: 1 }, []])
      expect(verifyProof(rubbish, original.keys)).toEqual({ ok: false, why: 'malformed' });
  });

  it('of what is not there, or pruned, is refused in words', async () => {
    await expect(prove(original.folder, 'never', original.keys)).rejects.toMatchObject({ code: 'not_found' });
    await expect(prove(original.folder, 'r0', original.keys)).rejects.toMatchObject({ code: 'not_found' });
    await expect(prove(original.root, 'r0', original.keys)).rejects.toThrow('no journal');
  });
});

it('any two checkpoints of one journal are proved to be consistent, and no others', async () => {
  const kept = original.notes.filter((_, index) => (signedSizes[index] ?? 0) >= whole.first);
  for (const first of kept) {
    for (const second of kept.slice(kept.indexOf(first))) {
      const [from, to] = [first, second].map((note) => Number(note.split('\n')[1])) as [number, number];
      const proof = await proveConsistency(original.folder, from, to);
      expect(verifyConsistencyProof(proof, { first, second }, original.keys)).toBe(true);
      if (from < to)
        expect(verifyConsistencyProof(proof, { first: second, second: first }, original.keys)).toBe(false);
    }
  }
  await expect(proveConsistency(original.folder, 1, whole.size + 5)).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('any sequence of appends, restarts, rotations and removals verifies', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ do: fc.constant('reopen' as const), count: fc.constant(0) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(1200, 5000, 100_000),
      fc.constantFrom(6000, 1_000_000),
      fc.integer({ min: 1, max: 50 }),
      async (steps, segmentBytes, keepBytes, checkpointRecords) => {
        const own = new Bench();
        const options = { segmentBytes, keepBytes, checkpointRecords };
        let journal = await own.open(options);
        const written: string[] = [];
        for (const { do: what, count } of steps) {
          if (what === 'reopen') {
            await journal.close();
            journal = await own.open(options);
            continue;
          }
          const more = ids(count, `s${written.length}-`);
          await Promise.all(
            more.map((id, index) => journal.append(record(id), { durable: index % 2 === 0 })),
          );
          written.push(...more);
        }
        await journal.close();
        const found = await verify(own.folder, own.keys);
        expect(found).toMatchObject({ verdict: 'ok', signed: found.size });
        const kept = (await readIds(own.folder)).filter((id) => !id.startsWith('#'));
        expect(kept).toEqual(written.slice(written.length - kept.length));
        if (found.first === 0) expect(kept).toHaveLength(written.length);
        own.dispose();
      },
    ),
    { numRuns: 25 },
  );
});

it('progress is told up to the end, and a folder without a journal is said to be one', async () => {
  const told: [number, number][] = [];
  await verify(original.folder, original.keys, { onProgress: (done, total) => told.push([done, total]) });
  const last = told.at(-1);
  expect(last?.[0]).toBe(last?.[1]);
  await expect(verify(original.root, original.keys)).rejects.toMatchObject({ code: 'not_found' });
});

it('a prune record signed by somebody else allows nothing', async () => {
  const own = new Bench();
  const options = { segmentBytes: 1500 };
  await own.write(ids(30), options);
  rmSync(own.files('.journal')[0] ?? '');
  rmSync(own.files('.checkpoints')[0] ?? '');
  const { first } = await verify(own.folder, own.keys);
  const thief = createPrivateKey(newPem());
  const key = verifierKeyOf(own.signer.name, createPublicKey(thief));
  const forged = {
    name: own.signer.name,
    verifierKey: key,
    sign: (bytes: Uint8Array) => sign(null, bytes, thief),
  };
  await own.write(['x'], { ...options, signer: forged, formerKeys: own.keys, keepBytes: 1500 });
  expect(first).toBeGreaterThan(0);
  expect((await verify(own.folder, own.keys)).verdict).toBe('unknown_key');
  own.dispose();
});

function sameIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `id-${count}`;
  };
}
