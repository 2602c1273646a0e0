import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify, parse, type ParseError, printParseErrorCode, visit } from 'jsonc-parser';

/** What `wrap` made of a config file, or why it cannot. */
export type WrapResult =
  | {
      readonly text: string;
      /** Names of the servers that were changed. */
      readonly changed: readonly string[];
      /** `unguarded`: it looks guarded, and is not by this policy. */
      readonly left: readonly {
        readonly server: string;
        readonly why: string;
        readonly unguarded: boolean;
      }[];
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
  // Only what would be recognised afterwards can be undone.
  if (!isStart(plan.via.join(' '))) {
    return {
      problem: '--via does not start sallyport; write "npx -y sallyport", or the path of its program',
    };
  }
  return rewrite(text, (name, { command, args, url }) => {
    if (plan.only !== undefined && !plan.only.includes(name)) return { why: 'not named by --only' };
    if (typeof command !== 'string') {
      return {
        why: url === undefined ? 'it has no command' : 'it is reached by URL, and wrap handles commands',
      };
    }
    const old = isTexts(args) ? args : [];
    const before = wrapped(command, old);
    if (before !== undefined) {
      return before.policy === plan.policy
        ? { why: 'it is wrapped already' }
        : { why: `it is wrapped with another policy (${before.policy}); undo that first`, unguarded: true };
    }
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

/** A value of a server that stands in the config. */
export interface PlainValue {
  readonly server: string;
  /** The variable, the header, or the option of the command line. */
  readonly name: string;
  readonly value: string;
  readonly place: 'env' | 'headers' | 'args';
}

/** Every value of a variable, a header or an option in a config that can be read. */
export function plainValues(text: string): readonly PlainValue[] {
  const config = parse(text, [], { allowTrailingComma: true }) as Record<string, unknown> | undefined;
  return PLACES.flatMap((place) => Object.entries(config?.[place] ?? {})).flatMap(([server, entry]) =>
    isObject(entry) ? [...memberValues(server, entry), ...optionValues(server, entry['args'])] : [],
  );
}

function memberValues(server: string, entry: Record<string, unknown>): PlainValue[] {
  return (['env', 'headers'] as const).flatMap((place) => {
    const members = entry[place];
    return Object.entries(isObject(members) ? members : {}).flatMap(([name, value]) =>
      typeof value === 'string' ? [{ server, name, value, place }] : [],
    );
  });
}

/** `--api-key VALUE`, `--api-key=VALUE` and `API_KEY=VALUE`. */
function optionValues(server: string, args: unknown): PlainValue[] {
  if (!isTexts(args)) return [];
  return args.flatMap((word, index) => {
    const [, name = '', joined] = /^(--?[A-Za-z][\w-]*|[A-Za-z_]\w*)(?:=(.*))?$/s.exec(word) ?? [];
    const value = joined ?? (name.startsWith('-') ? args[index + 1] : undefined);
    return name === '' || value === undefined ? [] : [{ server, name, value, place: 'args' as const }];
  });
}

/** Whether a value is probably a credential, by what it is called or how it looks. */
export function isCredential({ name, value, place }: PlainValue): boolean {
  if (/^(?:keystore|env|file|vault|systemd):|^[A-Za-z_]\w*=[a-z-]+:/.test(value)) return false;
  if (
    /^(?:sk-|gh[po]_|github_pat_|glpat-|xox[abp]-|AKIA|hvs\.|Bearer |Basic )|:\/\/[^/\s:@]*:[^/\s@]+@/.test(
      value,
    )
  )
    return true;
  if (place === 'args' && !value.trim().includes(' ') && value.startsWith('-')) return false;
  return (
    /key|token|secret|passw|credential|auth/i.test(name) &&
    value.length >= 6 &&
    !/^(?:\.{0,2}\/|https?:)/.test(value)
  );
}

type Change =
  | { readonly command: string; readonly args: readonly string[] }
  | { readonly why: string; readonly unguarded?: boolean };

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
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    return {
      problem: `"${twice}" stands twice in one object, and clients read only one of them; remove the other`,
    };
  }
  const places = PLACES.filter((key) => isObject(config?.[key]));
  if (places.length === 0) {
    return { problem: 'it has neither "mcpServers" nor "servers"; is it a config of an MCP client?' };
  }
  const changed: string[] = [];
  const left: { server: string; why: string; unguarded: boolean }[] = [];
  let next = text;
  for (const place of places) {
    for (const [name, entry] of Object.entries(config?.[place] as Record<string, unknown>)) {
      const outcome = change(name, isObject(entry) ? entry : {});
      if ('why' in outcome) {
        left.push({ server: name, why: outcome.why, unguarded: outcome.unguarded === true });
        continue;
      }
      next = set(next, [place, name, 'command'], outcome.command);
      next = set(next, [place, name, 'args'], outcome.args);
      changed.push(name);
    }
  }
  return { text: next, changed, left };
}

/** A key that stands twice in one object of the text; undefined where none does. */
function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  let found: string | undefined;
  visit(
    text,
    {
      onObjectBegin: () => void open.push(new Set()),
      onObjectEnd: () => void open.pop(),
      onObjectProperty: (key) => {
        const keys = open.at(-1);
        if (keys?.has(key) === true) found ??= key;
        keys?.add(key);
      },
    },
    { allowTrailingComma: true },
  );
  return found;
}

function set(text: string, path: string[], value: unknown): string {
  const indent = /^(\t| +)/m.exec(text)?.[1] ?? '  ';
  const formattingOptions = { insertSpaces: indent !== '\t', tabSize: indent === '\t' ? 1 : indent.length };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}

interface Wrapped {
  readonly command: string;
  readonly args: string[];
  readonly policy: string;
}

/** Ways to start sallyport: by npx, by its name or path, or its program by node. */
const STARTS: readonly RegExp[] = [
  /^(?:\S*\/)?(?:npx|pnpx|bunx|pnpm dlx|yarn dlx) (?:-y |--yes )?sallyport(?:@\S+)?$/,
  /^(?:\S*\/)?sallyport$/,
  /^(?:\S*\/)?node .*\/sallyport\/.*cli\.js$/,
];

/** Whether words start sallyport, so that what they wrap is recognised later. */
export function isStart(words: string): boolean {
  return STARTS.some((way) => way.test(words));
}

/** The command inside one that `wrap` wrote: `... run --policy P --server S [--env N=R] -- command args`, and nothing looser. */
function wrapped(command: string, args: readonly string[]): Wrapped | undefined {
  const words = [command, ...args];
  const run = words.indexOf('run');
  const start = words.slice(0, run).join(' ');
  if (run < 1 || !isStart(start)) return undefined;
  const [, policyOption, policy, serverOption, , ...more] = words.slice(run);
  if (policyOption !== '--policy' || serverOption !== '--server') return undefined;
  // Secrets may have been added by hand since.
  let dash = 0;
  while (more[dash] === '--env' || more[dash] === '--on-rotation') dash += 2;
  const [original, ...rest] = more.slice(dash + 1);
  if (more[dash] !== '--') return undefined;
  return policy === undefined || original === undefined
    ? undefined
    : { command: original, args: rest, policy };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
