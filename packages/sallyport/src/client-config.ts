import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify, parse, type ParseError, printParseErrorCode } from 'jsonc-parser';

/** What `wrap` made of a config file, or why it cannot. */
export type WrapResult =
  | {
      readonly text: string;
      /** Names of the servers that were changed. */
      readonly changed: readonly string[];
      readonly left: readonly { readonly server: string; readonly why: string }[];
    }
  | { readonly problem: string };

export interface WrapPlan {
  /** Absolute path of the policy. */
  readonly policy: string;
  /** How the client starts sallyport: program and arguments. */
  readonly via: readonly string[];
  readonly only?: readonly string[] | undefined;
}

interface Entry {
  readonly command?: unknown;
  readonly args?: unknown;
  readonly url?: unknown;
}

/** Claude Desktop, Cursor and most others; VS Code. */
const PLACES = ['mcpServers', 'servers'] as const;

/** Comments and layout of the file stay (JSON with comments, as VS Code writes it); only `command` and `args` change. */
export function wrapConfig(text: string, plan: WrapPlan): WrapResult {
  return rewrite(text, (name, { command, args, url }) => {
    if (plan.only !== undefined && !plan.only.includes(name)) return { why: 'not named by --only' };
    if (typeof command !== 'string') {
      return {
        why: url === undefined ? 'it has no command' : 'it is reached by URL, and wrap handles commands',
      };
    }
    const old = isTexts(args) ? args : [];
    if (wrapped(command, old) !== undefined) return { why: 'it is wrapped already' };
    const [via = 'npx', ...more] = plan.via;
    return {
      command: via,
      args: [...more, 'run', '--policy', plan.policy, '--server', name, '--', command, ...old],
    };
  });
}

/** The way back, from the entries themselves: what was edited since stays. */
export function unwrapConfig(text: string): WrapResult {
  return rewrite(text, (_, { command, args }) => {
    const original = typeof command === 'string' && isTexts(args) ? wrapped(command, args) : undefined;
    return original ?? { why: 'it is not wrapped' };
  });
}

/** Whether two config files mean the same, whatever their layout and comments. */
export function sameConfig(a: string, b: string): boolean {
  return isDeepStrictEqual(
    parse(a, [], { allowTrailingComma: true }),
    parse(b, [], { allowTrailingComma: true }),
  );
}

type Change = { readonly command: string; readonly args: readonly string[] } | { readonly why: string };

function rewrite(text: string, change: (name: string, entry: Entry) => Change): WrapResult {
  const errors: ParseError[] = [];
  const config = parse(text, errors, { allowTrailingComma: true }) as Record<string, unknown> | undefined;
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split('\n').length;
    return {
      problem: `line ${line} is not valid JSON (${printParseErrorCode(first.error)}); nothing was changed`,
    };
  }
  const place = PLACES.find((key) => isObject(config?.[key]));
  if (place === undefined)
    return { problem: 'it has neither "mcpServers" nor "servers"; is it a config of an MCP client?' };
  const changed: string[] = [];
  const left: { server: string; why: string }[] = [];
  let next = text;
  for (const [name, entry] of Object.entries(config?.[place] as Record<string, unknown>)) {
    const outcome = change(name, isObject(entry) ? entry : {});
    if ('why' in outcome) {
      left.push({ server: name, why: outcome.why });
      continue;
    }
    next = set(next, [place, name, 'command'], outcome.command);
    next = set(next, [place, name, 'args'], outcome.args);
    changed.push(name);
  }
  return { text: next, changed, left };
}

function set(text: string, path: string[], value: unknown): string {
  const indent = /^(\t| +)/m.exec(text)?.[1] ?? '  ';
  const formattingOptions = { insertSpaces: indent !== '\t', tabSize: indent === '\t' ? 1 : indent.length };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}

/** The command inside a wrapped one: `... run --policy P --server S -- command args`. */
function wrapped(command: string, args: readonly string[]): { command: string; args: string[] } | undefined {
  const words = [command, ...args];
  const run = words.indexOf('run');
  const isOurs = words.slice(0, run).some((word) => /(^|[/\\@])sallyport(@|$|[/\\])/.test(word));
  const dash = words.indexOf('--', run);
  const original = words[dash + 1];
  if (run < 1 || !isOurs || words[run + 1] !== '--policy' || dash === -1 || original === undefined)
    return undefined;
  return { command: original, args: words.slice(dash + 2) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
