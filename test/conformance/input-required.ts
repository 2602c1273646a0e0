import { randomBytes } from 'node:crypto';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequest,
  type InputRequiredResult,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

interface FlowState {
  readonly round: number;
}

/** Signs `requestState`: it comes back through the client. One key per process, which serves every round. */
export const flowState: RequestStateCodec<FlowState> = createRequestStateCodec<FlowState>({
  key: randomBytes(32),
});

const NAME = z.object({ name: z.string() });
const COLOR = z.object({ color: z.string() });
const CONFIRMATION = z.object({ ok: z.boolean() });

const askName = (message: string): InputRequest => inputRequired.elicit({ message, requestedSchema: NAME });
const askConfirmation = inputRequired.elicit({ message: 'Please confirm', requestedSchema: CONFIRMATION });
const askModel = (question: string, maxTokens: number): InputRequest =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });

const done = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

type Flow = (
  ctx: ServerContext,
) => CallToolResult | InputRequiredResult | Promise<CallToolResult | InputRequiredResult>;

/** Asks for one confirmation and keeps a signed state in between. */
const confirmWithState: Flow = async (ctx) => {
  const confirmed = acceptedContent(ctx.mcpReq.inputResponses, 'confirm', CONFIRMATION);
  if (confirmed !== undefined && ctx.mcpReq.requestState<FlowState>()?.round === 1) return done('state-ok');
  return inputRequired({
    inputRequests: { confirm: askConfirmation },
    requestState: await flowState.mint({ round: 1 }),
  });
};

/** SEP-2322: tools that answer with a question, and are called again with its answer. */
const FLOWS: Readonly<Record<string, Flow>> = {
  test_input_required_result_elicitation: (ctx) => {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_name', NAME);
    if (answer !== undefined) return done(`Hello, ${answer.name}!`);
    return inputRequired({ inputRequests: { user_name: askName('What is your name?') } });
  },

  test_input_required_result_sampling: (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'capital_question');
    if (answer.kind === 'sampling') return done(JSON.stringify(answer.result.content));
    return inputRequired({
      inputRequests: { capital_question: askModel('What is the capital of France?', 100) },
    });
  },

  test_input_required_result_list_roots: (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
    if (answer.kind === 'roots') return done(`Roots: ${answer.roots.map((root) => root.uri).join(', ')}`);
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  },

  test_input_required_result_request_state: confirmWithState,
  test_input_required_result_tampered_state: confirmWithState,

  test_input_required_result_multiple_inputs: async (ctx) => {
    const responses = ctx.mcpReq.inputResponses;
    const name = acceptedContent(responses, 'user_name', NAME);
    const greeting = inputResponse(responses, 'greeting');
    const roots = inputResponse(responses, 'client_roots');
    if (name !== undefined && greeting.kind === 'sampling' && roots.kind === 'roots') {
      return done(`${name.name}: ${JSON.stringify(greeting.result.content)}, ${roots.roots.length} roots`);
    }
    return inputRequired({
      inputRequests: {
        user_name: askName('What is your name?'),
        greeting: askModel('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await flowState.mint({ round: 1 }),
    });
  },

  test_input_required_result_multi_round: async (ctx) => {
    const responses = ctx.mcpReq.inputResponses;
    const round = ctx.mcpReq.requestState<FlowState>()?.round;
    if (round === 2 && acceptedContent(responses, 'step2', COLOR) !== undefined)
      return done('Both steps done');
    if (round === 1 && acceptedContent(responses, 'step1', NAME) !== undefined) {
      const message = 'Step 2: What is your favorite color?';
      return inputRequired({
        inputRequests: { step2: inputRequired.elicit({ message, requestedSchema: COLOR }) },
        requestState: await flowState.mint({ round: 2 }),
      });
    }
    return inputRequired({
      inputRequests: { step1: askName('Step 1: What is your name?') },
      requestState: await flowState.mint({ round: 1 }),
    });
  },

  test_input_required_result_capabilities: (ctx) => {
    const can = declaredCapabilities(ctx);
    const inputRequests: Record<string, InputRequest> = {};
    if (can.elicitation !== undefined) inputRequests['user_name'] = askName('What is your name?');
    if (can.sampling !== undefined) inputRequests['greeting'] = askModel('Generate a greeting', 50);
    if (Object.keys(inputRequests).length === 0) return done('Nothing that this client could answer');
    return inputRequired({ inputRequests });
  },

  /** The SDK refuses to ask a client that has not declared sampling, which is what the scenario looks for. */
  test_missing_capability: () => inputRequired({ inputRequests: { question: askModel('Anything?', 10) } }),

  test_streaming_elicitation: () => inputRequired({ inputRequests: { confirm: askConfirmation } }),
};

function declaredCapabilities(ctx: ServerContext): ClientCapabilities {
  const envelope: Readonly<Record<string, unknown>> | undefined = ctx.mcpReq.envelope;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
}

export function registerInputRequired(server: McpServer): void {
  for (const [name, flow] of Object.entries(FLOWS)) {
    const description = 'Answers with a question first';
    server.registerTool(name, { description, inputSchema: z.object({}) }, (_args, ctx) => flow(ctx));
  }

  const description = 'Asks for its context first';
  server.registerPrompt('test_input_required_result_prompt', { description }, (ctx) => {
    const context = z.object({ context: z.string() });
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_context', context);
    if (answer === undefined) {
      const message = 'What context should the prompt use?';
      return inputRequired({
        inputRequests: { user_context: inputRequired.elicit({ message, requestedSchema: context }) },
      });
    }
    return { messages: [{ role: 'user', content: { type: 'text', text: `Context: ${answer.context}` } }] };
  });
}
