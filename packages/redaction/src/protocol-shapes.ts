import { isJsonObject, type JsonObject } from '@sallyport/core';

/**
 * What a value of an MCP message is, and so what may be rewritten in it.
 *
 * - `any`: data of the server or client: every leaf, every key
 * - `output`: the same, held to the tool's `outputSchema`; read first, so that the rest takes over its replacements
 * - `text`: a text of the protocol (a description): its words, whatever the key says
 * - `uri`: its parts one by one; that it is a URL is no finding
 * - `schema`: a JSON Schema: what it says to readers, never what it says to machines
 * - `blob`: base64, read where it is text; `mimeType` stands beside it
 * - `id`: a name, cursor or handle that the other side must get as it is
 * - `word`: one of the protocol's own words (`user`, `text`); anything else there is `text`
 * - `mime`: a media type; anything else there is `text`
 * - `version`: a revision of the protocol, which looks like a date; anything else there is `text`
 */
export type Treatment = Leaf | Shape | ((container: JsonObject) => Treatment);

export type Leaf = 'any' | 'output' | 'text' | 'uri' | 'schema' | 'blob' | 'id' | 'word' | 'mime' | 'version';

/** An object with known members; elements of an array are taken as the array is, members not named here as `rest`. */
export class Shape {
  readonly members: ReadonlyMap<string, Treatment>;
  /** Default `any`. */
  readonly rest: Treatment;

  constructor(members: Readonly<Record<string, Treatment>>, rest: Treatment = 'any') {
    this.members = new Map(Object.entries(members));
    this.rest = rest;
  }
}

const RESERVED_META = /^(?:[a-z0-9-]+\.)*(?:modelcontextprotocol|mcp)(?:\.[a-z0-9-]+)*\//;

/** What the protocol itself keeps in `_meta`, W3C Trace Context, and the token that joins progress to its request. */
const META: Treatment = (meta) =>
  new Shape(
    Object.fromEntries([
      ...Object.keys(meta)
        .filter((key) => RESERVED_META.test(key))
        .map((key) => [key, reservedMember(key, meta[key])] as const),
      ...OPEN_META,
    ]),
  );
const RESERVED = new Shape({ taskId: 'id', name: 'text', version: 'id', capabilities: 'any' }, 'id');
/** What the protocol keeps there that is no object; without its revision, no call of 2026-07-28 is answered. */
const RESERVED_LEAVES: ReadonlyMap<string, Leaf> = new Map<string, Leaf>([
  ['protocolVersion', 'version'],
  ['logLevel', 'word'],
  ['subscriptionId', 'id'],
]);

function reservedMember(key: string, value: unknown): Treatment {
  return typeof value === 'object'
    ? RESERVED
    : (RESERVED_LEAVES.get(key.slice(key.indexOf('/') + 1)) ?? 'any');
}
const OPEN_META = ['progressToken', 'traceparent', 'tracestate'].map((key) => [key, 'id'] as const);

const ICONS = new Shape({ src: 'uri', mimeType: 'mime', sizes: 'id', theme: 'word' });
const ANNOTATIONS = new Shape({ audience: 'word', lastModified: 'id' });
const COMMON: Readonly<Record<string, Treatment>> = {
  title: 'text',
  description: 'text',
  icons: ICONS,
  annotations: ANNOTATIONS,
  _meta: META,
};
const PAGE: Readonly<Record<string, Treatment>> = {
  _meta: META,
  nextCursor: 'id',
  resultType: 'word',
  ttlMs: 'id',
  cacheScope: 'word',
};

const CONTENTS = new Shape({ uri: 'uri', mimeType: 'mime', text: 'any', blob: 'blob', _meta: META });

const CONTENT: Treatment = (block) => {
  switch (block['type']) {
    case 'text':
      return TEXT;
    case 'image':
    case 'audio':
      return MEDIA;
    case 'resource':
      return EMBEDDED;
    case 'resource_link':
      return LINK;
    case 'tool_use':
      return TOOL_USE;
    case 'tool_result':
      return TOOL_RESULT;
    default:
      return 'any';
  }
};
const TEXT = new Shape({ type: 'word', text: 'any', annotations: ANNOTATIONS, _meta: META });
const MEDIA = new Shape({
  type: 'word',
  data: 'blob',
  mimeType: 'mime',
  annotations: ANNOTATIONS,
  _meta: META,
});
const EMBEDDED = new Shape({ type: 'word', resource: CONTENTS, annotations: ANNOTATIONS, _meta: META });
const LINK = new Shape({ ...COMMON, type: 'word', uri: 'uri', name: 'text', mimeType: 'mime', size: 'id' });
const TOOL_USE = new Shape({ type: 'word', id: 'id', name: 'id', input: 'any', _meta: META });
const TOOL_RESULT = new Shape({
  type: 'word',
  toolUseId: 'id',
  content: CONTENT,
  structuredContent: 'any',
  isError: 'id',
  _meta: META,
});

const TOOL = new Shape({
  ...COMMON,
  name: 'id',
  inputSchema: 'schema',
  outputSchema: 'schema',
  annotations: new Shape({ title: 'text' }),
});
const PROMPT = new Shape({
  ...COMMON,
  name: 'id',
  arguments: new Shape({ name: 'id', title: 'text', description: 'text' }),
});
const RESOURCE = new Shape({ ...COMMON, uri: 'uri', name: 'text', mimeType: 'mime', size: 'id' });
const TEMPLATE = new Shape({ ...COMMON, uriTemplate: 'id', name: 'text', mimeType: 'mime' });
const MESSAGE = new Shape({ role: 'word', content: CONTENT, _meta: META });
const IMPLEMENTATION = new Shape({ ...COMMON, name: 'id', version: 'id', websiteUrl: 'uri' });
const TASK_MEMBERS: Readonly<Record<string, Treatment>> = {
  taskId: 'id',
  status: 'word',
  statusMessage: 'text',
  createdAt: 'id',
  lastUpdatedAt: 'id',
  ttl: 'id',
  pollInterval: 'id',
  _meta: META,
};
const TASK = new Shape(TASK_MEMBERS);

const SAMPLING = new Shape({
  messages: MESSAGE,
  systemPrompt: 'text',
  includeContext: 'word',
  tools: TOOL,
  _meta: META,
  task: 'id',
});
const ELICITATION = new Shape({
  mode: 'word',
  message: 'text',
  requestedSchema: 'schema',
  url: 'uri',
  elicitationId: 'id',
  _meta: META,
  task: 'id',
});

/** What the server may ask of the client; in 2026-07-28 as entries of `inputRequests`. */
const OUTBOUND_PARAMS: ReadonlyMap<string, Treatment> = new Map<string, Treatment>([
  ['sampling/createMessage', SAMPLING],
  ['elicitation/create', ELICITATION],
  ['notifications/message', new Shape({ level: 'word', logger: 'text', data: 'any', _meta: META })],
  ['notifications/progress', new Shape({ progressToken: 'id', message: 'text', _meta: META })],
  ['notifications/cancelled', new Shape({ requestId: 'id', reason: 'text', _meta: META })],
  ['notifications/resources/updated', new Shape({ uri: 'uri', _meta: META })],
  ['notifications/tasks/status', TASK],
  ['notifications/elicitation/complete', new Shape({ elicitationId: 'id', _meta: META })],
  ['tasks/get', new Shape({ taskId: 'id', _meta: META })],
  ['tasks/result', new Shape({ taskId: 'id', _meta: META })],
  ['tasks/cancel', new Shape({ taskId: 'id', _meta: META })],
  ['tasks/list', new Shape({ cursor: 'id', _meta: META })],
]);

/** The answer to any of them: who answers says which members it has. */
const CLIENT_ANSWER: Treatment = (answer) => {
  if (typeof answer['role'] === 'string' && typeof answer['model'] === 'string') return SAMPLED;
  return typeof answer['action'] === 'string' ? ELICITED : ROOTS;
};
const SAMPLED = new Shape({
  role: 'word',
  content: CONTENT,
  model: 'id',
  stopReason: 'word',
  resultType: 'word',
  _meta: META,
});
const ELICITED = new Shape({ action: 'word', content: 'any', resultType: 'word', _meta: META });
const ROOTS = new Shape({
  ...TASK_MEMBERS,
  roots: new Shape({ uri: 'uri', name: 'text' }),
  task: TASK,
  resultType: 'word',
});

const INPUT_REQUEST: Treatment = (request) =>
  new Shape({ method: 'id', params: OUTBOUND_PARAMS.get(String(request['method'])) ?? 'any' });
/** What the client repeats a call with; the state is the server's own, and sealed. */
const REPEATED: Readonly<Record<string, Treatment>> = {
  inputResponses: new Shape({}, CLIENT_ANSWER),
  requestState: 'id',
  task: 'id',
  _meta: META,
};
/** How a server asks before it answers. */
const ASKING: Readonly<Record<string, Treatment>> = {
  ...PAGE,
  inputRequests: new Shape({}, INPUT_REQUEST),
  requestState: 'id',
  task: TASK,
};

const INBOUND_PARAMS: ReadonlyMap<string, Treatment> = new Map<string, Treatment>([
  ['initialize', new Shape({ protocolVersion: 'id', clientInfo: IMPLEMENTATION, _meta: META })],
  ['logging/setLevel', new Shape({ level: 'word', _meta: META })],
  ['tools/call', new Shape({ ...REPEATED, name: 'id', arguments: 'any' })],
  ['prompts/get', new Shape({ ...REPEATED, name: 'id', arguments: 'any' })],
  ['resources/read', new Shape({ ...REPEATED, uri: 'id' })],
  [
    'completion/complete',
    new Shape({
      ref: new Shape({ type: 'id', name: 'id', uri: 'id' }),
      argument: new Shape({ name: 'id', value: 'any' }),
      context: new Shape({ arguments: 'any' }),
      _meta: META,
    }),
  ],
  ['notifications/progress', new Shape({ progressToken: 'id', message: 'text', _meta: META })],
  ['notifications/cancelled', new Shape({ requestId: 'id', reason: 'text', _meta: META })],
  ['notifications/tasks/status', TASK],
  ['tasks/update', new Shape({ ...REPEATED, taskId: 'id' })],
]);
const OTHER_PARAMS = new Shape({ ...REPEATED, cursor: 'id', uri: 'id', taskId: 'id' });

const TOOL_ANSWER = new Shape({ ...ASKING, content: CONTENT, structuredContent: 'output', isError: 'id' });

const RESULTS: ReadonlyMap<string, Treatment> = new Map<string, Treatment>([
  [
    'initialize',
    new Shape({ ...PAGE, protocolVersion: 'id', serverInfo: IMPLEMENTATION, instructions: 'text' }),
  ],
  [
    'server/discover',
    new Shape({ ...PAGE, supportedVersions: 'id', serverInfo: IMPLEMENTATION, instructions: 'text' }),
  ],
  ['tools/list', new Shape({ ...PAGE, tools: TOOL })],
  ['tools/call', TOOL_ANSWER],
  ['tasks/result', TOOL_ANSWER],
  ['prompts/list', new Shape({ ...PAGE, prompts: PROMPT })],
  ['prompts/get', new Shape({ ...ASKING, description: 'text', messages: MESSAGE })],
  ['resources/list', new Shape({ ...PAGE, resources: RESOURCE })],
  ['resources/templates/list', new Shape({ ...PAGE, resourceTemplates: TEMPLATE })],
  ['resources/read', new Shape({ ...ASKING, contents: CONTENTS })],
  [
    'completion/complete',
    new Shape({ ...ASKING, completion: new Shape({ values: 'text', total: 'id', hasMore: 'id' }) }),
  ],
  ['tasks/get', new Shape({ ...ASKING, ...TASK_MEMBERS, result: TOOL_ANSWER })],
  ['tasks/list', new Shape({ ...PAGE, tasks: TASK })],
  ['tasks/cancel', new Shape({ ...ASKING, ...TASK_MEMBERS })],
]);
const OTHER_RESULT = new Shape(ASKING);

/** Unsupported protocol version, by the revision of 2026-07-28 and by those before. */
const VERSION_CODES: ReadonlySet<unknown> = new Set([-32_022, -32_602]);

/** What an error of the other side is: its number means something, and so do the revisions that it offers; all else are words. */
export const RPC_ERROR: Treatment = ({ code, data }) =>
  VERSION_CODES.has(code) && isJsonObject(data) && Array.isArray(data['supported'])
    ? VERSION_ERROR
    : OTHER_ERROR;
const OTHER_ERROR = new Shape({ code: 'id', message: 'any', data: 'any' });
const VERSION_ERROR = new Shape({
  code: 'id',
  message: 'any',
  data: new Shape({ supported: 'version', requested: 'version' }),
});

/** The params of a method, by where they go. */
export function paramsShape(direction: 'inbound' | 'outbound', method: string): Treatment {
  return direction === 'inbound'
    ? (INBOUND_PARAMS.get(method) ?? OTHER_PARAMS)
    : (OUTBOUND_PARAMS.get(method) ?? OTHER_PARAMS);
}

/** The result of a method, by where the request went. */
export function resultShape(direction: 'inbound' | 'outbound', method: string): Treatment {
  return direction === 'inbound' ? (RESULTS.get(method) ?? OTHER_RESULT) : CLIENT_ANSWER;
}

/** The treatment of a value that stands in `container`. */
export function resolve(treatment: Treatment, value: unknown): Leaf | Shape {
  let resolved = treatment;
  while (typeof resolved === 'function') resolved = isJsonObject(value) ? resolved(value) : 'any';
  return resolved;
}
