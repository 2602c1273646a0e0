import { type Call, isJsonObject, type Result } from '@sallyport/core';
import type { TelemetryParts } from './telemetry.ts';

/** Learns which names are known, and which revision a connection speaks, from answers as they pass. */
export function learnFrom(call: Call, answer: Result, { tools, prompts, connections }: TelemetryParts): void {
  if (call.direction !== 'inbound' || answer.error !== undefined) return;
  switch (call.method) {
    case 'initialize':
      return connections.learn(call, answer);
    case 'tools/list':
      return tools.learn(call.server, namesIn(answer.result['tools']));
    case 'prompts/list':
      return prompts.learn(call.server, namesIn(answer.result['prompts']));
  }
}

function* namesIn(list: unknown): Iterable<unknown> {
  if (!Array.isArray(list)) return;
  for (const entry of list as readonly unknown[]) if (isJsonObject(entry)) yield entry['name'];
}
