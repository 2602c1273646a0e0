import * as crypto from 'node:crypto';

/** SHA-256, hexadecimal. Node 20.12 has it in one step, which takes half the time of a Hash object. */
export const sha256: (data: string | Uint8Array) => string =
  typeof crypto.hash === 'function'
    ? (data) => crypto.hash('sha256', data)
    : (data) => crypto.createHash('sha256').update(data).digest('hex');
