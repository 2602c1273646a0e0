import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { buildReferenceServer } from './reference-server-v2.ts';

// A program: the reference server of both eras on standard input and output.
serveStdio(() => buildReferenceServer());
