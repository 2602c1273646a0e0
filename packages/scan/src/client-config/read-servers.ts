import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { isServersName } from './looks-like-config.ts';

/** The entry of one server. */
export interface ServerEntry {
  readonly name: string;
  readonly node: Node;
}

/** How deep the servers of a project stand in the file of a client that keeps several. */
const MOST_DEPTH = 6;

/** The entries of all servers of a config, with comments and trailing commas; none where it is no config of a client. */
export function readServers(text: string): readonly ServerEntry[] {
  // What is not valid is read as far as it goes: half a config leaks as much as a whole one.
  const root = parseTree(text, [], { allowTrailingComma: true, disallowComments: false });
  return root === undefined ? [] : serversIn(root, 0);
}

function serversIn(node: Node, depth: number): readonly ServerEntry[] {
  if (depth > MOST_DEPTH) return [];
  return membersOf(node).flatMap(([name, value]) => {
    if (isServersName(name)) {
      const entries = membersOf(value).filter(([, entry]) => isServer(entry));
      if (entries.length > 0) return entries.map(([server, entry]) => ({ name: server, node: entry }));
    }
    return serversIn(value, depth + 1);
  });
}

const STARTS: readonly string[] = ['command', 'url', 'serverUrl', 'httpUrl', 'uri', 'baseUrl'];

function isServer(node: Node): boolean {
  return STARTS.some((name) => findNodeAtLocation(node, [name]) !== undefined);
}

/** The members of an object with their names; none of anything else. */
export function membersOf(node: Node): readonly (readonly [name: string, value: Node])[] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [[String(key.value), value] as const],
  );
}
