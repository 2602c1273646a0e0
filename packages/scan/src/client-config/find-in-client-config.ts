import { CLIENT_CONFIG_RULES, type ClientConfigRule } from './client-config-rules.ts';
import { type EntryValue, entryValues } from './entry-values.ts';
import { mayBeClientConfig } from './looks-like-config.ts';
import { rawOffsets } from './raw-offsets.ts';
import { readServers, type ServerEntry } from './read-servers.ts';
import { type SecretPart, secretParts } from './value-parts.ts';

/** A literal credential in the config of an MCP client. */
export interface ClientConfigSecret {
  /** Offset of its first UTF-16 code unit in the text; escapes of JSON stand there as they are. */
  readonly start: number;
  /** Offset after its last code unit. */
  readonly end: number;
  readonly rule: ClientConfigRule;
  /** From 0 to 1. */
  readonly score: number;
}

/** The same, with what stands around it. */
export interface EntrySecret extends ClientConfigSecret {
  readonly server: ServerEntry;
  readonly value: EntryValue;
  readonly part: SecretPart;
}

/** A name that asks for a secret, and a value that is none of the usual others. */
const NAMED = 0.9;
/** It only looks random. */
const UNNAMED = 0.7;

/**
 * The literal credentials in `env`, `headers`, `args` and URLs of the servers in a client's config, sorted by place. Nothing
 * where the text is no such config, which is told by its shape, whatever its name. Never throws.
 */
export function findInClientConfig(text: string): readonly ClientConfigSecret[] {
  return entrySecrets(text).map(({ start, end, rule, score }) => ({ start, end, rule, score }));
}

export function entrySecrets(text: string): readonly EntrySecret[] {
  if (!mayBeClientConfig(text)) return [];
  return readServers(text)
    .flatMap((server) => entryValues(server.node).flatMap((value) => secretsIn(text, server, value)))
    .toSorted((a, b) => a.start - b.start);
}

function secretsIn(text: string, server: ServerEntry, value: EntryValue): readonly EntrySecret[] {
  const parts = secretParts(value);
  if (parts.length === 0) return [];
  const { node } = value;
  const raw = text.slice(node.offset + 1, node.offset + node.length - 1);
  const offsets = rawOffsets(raw);
  const at = (unit: number): number => node.offset + 1 + (offsets[unit] ?? raw.length);
  return parts.map((part) => ({
    start: at(part.from),
    end: at(part.to),
    rule: CLIENT_CONFIG_RULES[part.inUrl ? 'url' : value.place],
    score: part.name === undefined ? UNNAMED : NAMED,
    server,
    value,
    part,
  }));
}
