import { findNodeAtLocation } from 'jsonc-parser';
import { type EntrySecret, entrySecrets } from './find-in-client-config.ts';
import type { ServerEntry } from './read-servers.ts';

/** How the entry of a server could be written, and where the credentials stand that it would do without. */
export interface ClientConfigFix {
  /** Offsets in UTF-16 code units of the text, sorted. */
  readonly places: readonly (readonly [start: number, end: number])[];
  /** Several lines: the entry, and what to do first. It shows names, options and programs, and no value. */
  readonly text: string;
}

/**
 * For each entry with a literal credential, the entry without: of a program, started by `sallyport run`, which gives it each
 * secret as a variable; of a URL, with variables of the client.
 *
 * @param path which tells the client that reads it
 */
export function clientConfigFixes(path: string, text: string): readonly ClientConfigFix[] {
  const byServer = new Map<ServerEntry, EntrySecret[]>();
  for (const secret of entrySecrets(text)) {
    byServer.set(secret.server, [...(byServer.get(secret.server) ?? []), secret]);
  }
  return [...byServer].map(([server, secrets]) => ({
    places: secrets.map(({ start, end }) => [start, end] as const),
    text: fixEntry(path, server, secrets),
  }));
}

/** What is shown of an argument: options and names of packages and programs, nothing that could be a value. */
const PLAIN =
  /^(?:--?[A-Za-z][A-Za-z-]{0,31}|[A-Z]{2,20}(?:_[A-Z]{1,20}){1,6}|(?:@[a-z][a-z-]{0,31}\/)?[a-z][a-z-]{0,47}(?:@latest)?)$/;
const HIDDEN = '...';

function fixEntry(path: string, server: ServerEntry, secrets: readonly EntrySecret[]): string {
  const variables = new Map(secrets.map((secret) => [secret, variableOf(secret)]));
  const isProgram = findNodeAtLocation(server.node, ['command']) !== undefined;
  const entry = isProgram ? programEntry(server, variables) : remoteEntry(path, variables);
  const names = [...new Set(variables.values())];
  const store = isProgram
    ? names.map((name) => `sallyport secrets set ${keyOf(name)}`)
    : names.map((name) => `set ${name} where the client starts`);
  return `${JSON.stringify({ [nameOf(server)]: entry }, undefined, 2).slice(2, -2)}\n${store.join('\n')}`;
}

type Variables = ReadonlyMap<EntrySecret, string>;

function programEntry(server: ServerEntry, variables: Variables): object {
  const kept = words(server, variables);
  const inArguments = [...variables].some(([{ value }]) => value.place !== 'env');
  // Of a program that takes it as an argument only, a shell puts it there, where no file shows it.
  const command = inArguments ? ['sh', '-c', `exec ${kept.map(shellWord).join(' ')}`] : kept;
  const env = [...new Set(variables.values())].flatMap((name) => [
    '--env',
    `${name}=keystore:${keyOf(name)}`,
  ]);
  return { command: 'npx', args: ['-y', 'sallyport', 'run', ...env, '--', ...command] };
}

/** Program and arguments, each secret as the variable that holds it. */
function words(server: ServerEntry, variables: Variables): readonly string[] {
  const command = findNodeAtLocation(server.node, ['command']);
  const args = findNodeAtLocation(server.node, ['args']);
  const first = command?.type === 'array' ? (command.children ?? []) : [command];
  return [...first, ...(args?.children ?? [])].flatMap((node) => {
    if (typeof node?.value !== 'string') return [];
    const inside = [...variables].filter(([{ value }]) => value.node === node);
    return inside.length === 0 ? [shown(node.value)] : [rewritten(node.value, inside)];
  });
}

function rewritten(value: string, inside: readonly (readonly [EntrySecret, string])[]): string {
  const [only] = inside;
  if (only === undefined || inside.length > 1) return HIDDEN;
  const [{ part }, name] = only;
  const before = value.slice(0, part.from);
  const lead =
    /^(?:--?[A-Za-z][A-Za-z-]{0,31}=|[A-Z][A-Z_]{0,47}=|[A-Z][A-Za-z-]{0,31}:\s?(?:Bearer |Basic )?)$/.test(
      before,
    );
  return `${before === '' || lead ? before : HIDDEN}\${${name}}${part.to === value.length ? '' : HIDDEN}`;
}

function shown(value: string): string {
  return PLAIN.test(value) ? value : HIDDEN;
}

function shellWord(word: string): string {
  return /^[\w@/.=-]+$/.test(word) ? word : `"${word}"`;
}

function remoteEntry(path: string, variables: Variables): object {
  const headers: Record<string, string> = {};
  let url = HIDDEN;
  for (const [{ value, part }, name] of variables) {
    const variable = clientVariable(path, name);
    if (value.place === 'header') {
      const scheme = /^(?:Bearer|Basic|Token) $/i.exec(value.value.slice(0, part.from))?.[0] ?? '';
      headers[nameShown(value.name)] = `${scheme}${variable}`;
    } else if (value.place === 'url') url = `https://${HIDDEN}${variable}${HIDDEN}`;
  }
  return { url, ...(Object.keys(headers).length > 0 && { headers }) };
}

/** How a client's own variables are written. */
function clientVariable(path: string, name: string): string {
  if (/(?:^|\/)\.vscode\//.test(path)) return `\${input:${keyOf(name)}}`;
  return /(?:^|\/)(?:\.mcp|\.claude)\.json$/.test(path) ? `\${${name}}` : `\${env:${name}}`;
}

/** `--api-key` is `API_KEY`, a header `X-Api-Key` is `X_API_KEY`. */
function variableOf({ value, part }: EntrySecret): string {
  const name = (part.name ?? value.name).replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
  const usable =
    /^[A-Za-z](?!.*\d.*\d.*\d)[A-Za-z0-9_]{1,47}$/.test(name) &&
    !/^(?:url|authorization|command|args)$/i.test(name);
  return usable ? name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase() : 'SERVER_TOKEN';
}

function keyOf(variable: string): string {
  return variable.toLowerCase().replaceAll('_', '-');
}

function nameOf({ name }: ServerEntry): string {
  return nameShown(name);
}

function nameShown(name: string): string {
  return /^[\w.@/ -]{1,64}$/.test(name) ? name : 'server';
}
