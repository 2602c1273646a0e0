// What `p8-secret-scan.ts` bundles and starts: one scan, as the command does it. Prints its summary and its memory.
import { resourceUsage } from 'node:process';
import { scan } from '../dist/index.js';

const [kind, root] = process.argv.slice(2);
const worker = { url: new URL('scan-worker.js', import.meta.url) };
const target = kind === 'history' ? { kind, root } : { kind: 'tree', root };
for await (const event of scan({ target, worker })) {
  if (event.type !== 'summary') continue;
  process.stdout.write(JSON.stringify({ summary: event.summary, kilobytes: resourceUsage().maxRSS }));
}
