/** Memory after many short scans, with findings and without: `node --expose-gc`. It has to stay flat. */
import { createDetector } from '../src/index.ts';

const TEXTS = [
  'active',
  'final code',
  'jane@example.com',
  'call 555-123-4567 now',
  'born on March 15, 1989',
  '::1',
];
const ROUNDS = 10;
const SCANS = Number(process.argv[2] ?? 1_000_000);
const detector = createDetector();

for (let round = 0; round <= ROUNDS; round++) {
  let findings = 0;
  for (let at = 0; at < SCANS; at++)
    findings += detector.scan(`${TEXTS[at % TEXTS.length]} ${at & 1023}`).length;
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const [heap, outside, buffers] = [heapUsed, external, arrayBuffers].map((bytes) =>
    (bytes / 1e6).toFixed(2),
  );
  console.log(
    `${round * SCANS} scans and more: heap ${heap} MB, external ${outside} MB, buffers ${buffers} MB`,
    findings,
  );
}
