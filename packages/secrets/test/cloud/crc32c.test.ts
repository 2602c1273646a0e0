import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/cloud/crc32c.ts';

describe('crc32c', () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRCs.
  it.each([
    [Buffer.alloc(32), 0x8a9136aa],
    [Buffer.alloc(32, 0xff), 0x62a8ab43],
    [Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
    [Buffer.from('123456789'), 0xe3069283],
    [Buffer.alloc(0), 0],
  ])('gives the published sum of vector %#', (bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  it('changes with every bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, at) => {
        const damaged = Uint8Array.from(bytes);
        const index = at % bytes.length;
        damaged[index] = (damaged[index] ?? 0) ^ (1 << (at % 8));
        expect(crc32c(damaged)).not.toBe(crc32c(bytes));
      }),
    );
  });
});
