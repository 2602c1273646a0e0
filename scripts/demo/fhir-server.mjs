// A record server as a hospital has one: it answers with FHIR, and books appointments by record number.
import { appendFileSync, readFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const bundle = JSON.parse(readFileSync(new URL('fhir-bundle.json', import.meta.url), 'utf8'));
const { BOOKINGS: bookings } = process.env;

const server = new McpServer({ name: 'ehr', version: '1.0.0' });
server.registerTool(
  'get_record',
  {
    description: 'The record of a patient, as a FHIR R4 bundle.',
    inputSchema: { ward: z.string() },
    outputSchema: {
      resourceType: z.literal('Bundle'),
      type: z.string(),
      entry: z.array(z.object({ resource: z.record(z.string(), z.unknown()) })),
    },
  },
  () => ({ content: [{ type: 'text', text: JSON.stringify(bundle) }], structuredContent: bundle }),
);
server.registerTool(
  'book_follow_up',
  {
    description: 'Books a follow-up visit for a patient.',
    inputSchema: { record_number: z.string(), name: z.string(), reason: z.string() },
  },
  (booking) => {
    appendFileSync(bookings, `${JSON.stringify(booking)}\n`);
    return { content: [{ type: 'text', text: `Booked for ${booking.name}.` }] };
  },
);
await server.connect(new StdioServerTransport());
