// The worker from its sources: a thread does not load TypeScript by itself.
import { register } from 'tsx/esm/api';

register();
await import('../../src/workers/scan-worker.ts');
