import type { Attributes } from '@opentelemetry/api';
import type { Call } from '@sallyport/core';
import type { Connections } from './connections.ts';
import { ATTRIBUTE, EXECUTE_TOOL } from './conventions.ts';
import type { KnownNames } from './known-names.ts';
import { methodLabel } from './known-words.ts';
import type { WireFacts } from './wire-facts.ts';

/** A call as spans and metrics name it. */
export interface Operation {
  /** `{mcp.method.name} {tool or prompt}`. */
  readonly spanName: string;
  /** Of the span and of the metrics; every value is one of few. */
  readonly attributes: Readonly<Attributes>;
  /** The tool of a tool call, as a label. */
  readonly tool: string | undefined;
}

interface Sources {
  readonly tools: KnownNames;
  readonly prompts: KnownNames;
  readonly connections: Connections;
}

interface Labels {
  readonly method: string;
  readonly target: string | undefined;
  readonly version: string | undefined;
  readonly transport: string | undefined;
}

/** There are more combinations than anybody uses; what does not fit is made anew each time. */
const MAX_KEPT = 2000;

/** Names calls, and keeps the names: making them is a notable part of what telemetry costs. */
export class Operations {
  readonly #sources: Sources;
  readonly #kept = new Map<string, Operation>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  of(call: Call, wire: WireFacts | undefined): Operation {
    const labels: Labels = {
      method: methodLabel(call.method),
      target: this.#targetOf(call),
      version: this.#sources.connections.versionOf(call),
      transport: wire?.transport,
    };
    // No label has a line break in it.
    const key = `${labels.method}\n${labels.target}\n${labels.version}\n${labels.transport}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const operation = named(labels);
    if (this.#kept.size < MAX_KEPT) this.#kept.set(key, operation);
    return operation;
  }

  #targetOf({ method, server, params }: Call): string | undefined {
    if (method === 'tools/call') return this.#sources.tools.label(server, params['name']);
    if (method === 'prompts/get') return this.#sources.prompts.label(server, params['name']);
    return undefined;
  }
}

function named({ method, target, version, transport }: Labels): Operation {
  const tool = method === 'tools/call' ? target : undefined;
  // In alphabetical order: an SDK sorts them.
  const attributes: Attributes = {
    ...(tool !== undefined && { [ATTRIBUTE.operation]: EXECUTE_TOOL }),
    ...(method === 'prompts/get' && target !== undefined && { [ATTRIBUTE.prompt]: target }),
    ...(tool !== undefined && { [ATTRIBUTE.tool]: tool }),
    [ATTRIBUTE.method]: method,
    ...(version !== undefined && { [ATTRIBUTE.protocolVersion]: version }),
    ...(transport !== undefined && { [ATTRIBUTE.transport]: transport }),
  };
  return { spanName: target === undefined ? method : `${method} ${target}`, attributes, tool };
}
