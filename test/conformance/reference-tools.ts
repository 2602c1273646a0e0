import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DEFAULTS_FORM, ENUMS_FORM, JSON_SCHEMA_2020_12, USER_FORM } from './reference-schemas.ts';
import { RED_PIXEL_PNG, SILENT_WAV } from './reference-content.ts';

type Content =
  | { type: 'text'; text: string }
  | { type: 'image' | 'audio'; data: string; mimeType: string }
  | { type: 'resource'; resource: { uri: string; mimeType: string; text: string } };

/** What a tool may do while it runs: the part of both SDK generations' contexts that the scenarios need. */
export interface ToolCall {
  readonly args: Readonly<Record<string, unknown>>;
  log(text: string): Promise<void>;
  /** Does nothing when the caller did not ask for progress. */
  progress(progress: number, total: number): Promise<void>;
  /** A request to the client, as revisions up to 2025-11-25 make it. */
  ask(
    method: 'sampling/createMessage' | 'elicitation/create',
    params: Record<string, unknown>,
  ): Promise<unknown>;
  /** Makes the client come back for the answer with `Last-Event-ID`. */
  closeStream(): void;
}

export interface ReferenceTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: z.ZodObject;
  readonly run: (call: ToolCall) => Content[] | Promise<Content[]>;
}

const NO_ARGS = z.object({});
const text = (value: string): Content => ({ type: 'text', text: value });
const image: Content = { type: 'image', data: RED_PIXEL_PNG, mimeType: 'image/png' };
const embedded = (uri: string, mimeType: string, body: string): Content => ({
  type: 'resource',
  resource: { uri, mimeType, text: body },
});

/** Zod puts `meta` over what it derives, so the schema is listed to the letter. */
const literal = (schema: Record<string, unknown>): z.ZodObject => z.looseObject({}).meta(schema);

async function elicit(call: ToolCall, message: string, requestedSchema: object): Promise<Content[]> {
  const answer = await call.ask('elicitation/create', { message, requestedSchema });
  return [text(`Elicitation completed: ${JSON.stringify(answer)}`)];
}

/** The tools that the scenarios of every revision call. The first takes no arguments: some scenarios call whatever comes first. */
export const TOOLS: readonly ReferenceTool[] = [
  {
    name: 'test_simple_text',
    description: 'Answers with a text',
    inputSchema: NO_ARGS,
    run: () => [text('This is a simple text response for testing.')],
  },
  {
    name: 'test_image_content',
    description: 'Answers with an image',
    inputSchema: NO_ARGS,
    run: () => [image],
  },
  {
    name: 'test_audio_content',
    description: 'Answers with a sound',
    inputSchema: NO_ARGS,
    run: () => [{ type: 'audio', data: SILENT_WAV, mimeType: 'audio/wav' }],
  },
  {
    name: 'test_embedded_resource',
    description: 'Answers with a resource',
    inputSchema: NO_ARGS,
    run: () => [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  },
  {
    name: 'test_multiple_content_types',
    description: 'Answers with a text, an image and a resource',
    inputSchema: NO_ARGS,
    run: () => [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  },
  {
    name: 'test_error_handling',
    description: 'Always fails',
    inputSchema: NO_ARGS,
    run: () => {
      throw new Error('This tool intentionally returns an error for testing');
    },
  },
  {
    name: 'test_tool_with_logging',
    description: 'Logs three times while it runs',
    inputSchema: NO_ARGS,
    run: async (call) => {
      await call.log('Tool execution started');
      await sleep(50);
      await call.log('Tool processing data');
      await sleep(50);
      await call.log('Tool execution completed');
      return [text('Tool with logging executed successfully')];
    },
  },
  {
    name: 'test_tool_with_progress',
    description: 'Reports progress three times while it runs',
    inputSchema: NO_ARGS,
    run: async (call) => {
      await call.progress(0, 100);
      await sleep(50);
      await call.progress(50, 100);
      await sleep(50);
      await call.progress(100, 100);
      return [text('Tool with progress executed successfully')];
    },
  },
  {
    name: 'test_reconnection',
    description: 'Closes the stream of its call before it answers',
    inputSchema: NO_ARGS,
    run: async (call) => {
      call.closeStream();
      await sleep(100);
      return [text('Reconnection test completed successfully')];
    },
  },
  {
    name: 'test_sampling',
    description: 'Asks the model of the client',
    inputSchema: z.object({ prompt: z.string() }),
    run: async (call) => {
      const question = { role: 'user', content: { type: 'text', text: call.args.prompt } };
      const answer = await call.ask('sampling/createMessage', { messages: [question], maxTokens: 100 });
      return [text(`LLM response: ${JSON.stringify(answer)}`)];
    },
  },
  {
    name: 'test_elicitation',
    description: 'Asks the user of the client',
    inputSchema: z.object({ message: z.string() }),
    run: (call) => elicit(call, String(call.args.message), USER_FORM),
  },
  {
    name: 'test_elicitation_sep1034_defaults',
    description: 'Asks the user with a form that has defaults',
    inputSchema: NO_ARGS,
    run: (call) => elicit(call, 'Please review the defaults', DEFAULTS_FORM),
  },
  {
    name: 'test_elicitation_sep1330_enums',
    description: 'Asks the user with a form of every kind of enumeration',
    inputSchema: NO_ARGS,
    run: (call) => elicit(call, 'Please choose', ENUMS_FORM),
  },
  {
    name: 'json_schema_2020_12_tool',
    description: 'Tool with JSON Schema 2020-12 features',
    inputSchema: literal(JSON_SCHEMA_2020_12),
    run: (call) => [text(JSON.stringify(call.args))],
  },
  {
    name: 'test_x_mcp_header',
    description: 'Takes an argument that HTTP repeats in a header',
    inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
    run: (call) => [text(`Region: ${String(call.args.region)}`)],
  },
];
