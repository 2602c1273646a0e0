import type { Node } from 'jsonc-parser';
import type { ConfigPlace } from './client-config-rules.ts';
import type { NamedValue } from './value-parts.ts';
import { membersOf } from './read-servers.ts';

/** A text in the entry of a server. */
export interface EntryValue extends NamedValue {
  readonly place: ConfigPlace;
  /** The string in the text of the config, quotes included. */
  readonly node: Node;
}

const ENV = /^(?:env|environment|envs|environmentVariables)$/i;
const HEADERS = /headers$/i;
const ARGUMENTS = /^(?:args|arguments|command|cmd)$/i;
const URL_NAME = /^(?:url|serverUrl|httpUrl|uri|baseUrl|endpoint)$/i;
/** Options that are followed by a header, or by a variable. */
const HEADER_OPTION = /^(?:-H|--headers?|--http-header)$/;
const OPTION = /^--?[A-Za-z][\w.-]*$/;

/** Every string of an entry, with what it is called. */
export function entryValues(entry: Node): readonly EntryValue[] {
  return membersOf(entry).flatMap(([name, node]) => valuesOf(name, node, placeOf(name), 0));
}

function placeOf(name: string): ConfigPlace {
  if (ENV.test(name)) return 'env';
  if (HEADERS.test(name)) return 'header';
  if (ARGUMENTS.test(name)) return 'argument';
  return URL_NAME.test(name) ? 'url' : 'other';
}

const MOST_DEPTH = 8;

function valuesOf(name: string, node: Node, place: ConfigPlace, depth: number): readonly EntryValue[] {
  if (depth > MOST_DEPTH) return [];
  if (node.type === 'string') return [{ name, value: String(node.value), place, node }];
  if (node.type === 'array') {
    const items = node.children ?? [];
    return place === 'argument'
      ? argumentValues(items)
      : items.flatMap((item) => valuesOf(name, item, place, depth + 1));
  }
  return membersOf(node).flatMap(([key, value]) => {
    const within = place === 'other' ? placeOf(key) : place;
    return valuesOf(key, value, within, depth + 1);
  });
}

/** A word after an option is its value; `--name=value` and `NAME=value` are read by their pairs. */
function argumentValues(items: readonly Node[]): readonly EntryValue[] {
  return items.flatMap((node, at) => {
    if (node.type !== 'string') return [];
    const before: unknown = items[at - 1]?.value;
    const option = typeof before === 'string' && OPTION.test(before) ? before : '';
    const isHeader = HEADER_OPTION.test(option);
    return [
      {
        name: isHeader ? '' : option,
        value: String(node.value),
        place: isHeader ? 'header' : 'argument',
        node,
      },
    ];
  });
}
