import { SecretError } from './secret-error.ts';

/** Where a secret is, never what it is: `<scheme>[+alias]:<path>[?version=...&encoding=...][#field]`. */
export interface SecretReference {
  /** As it was written, and safe to print: of a literal it is `literal:...`, since its value follows the colon. */
  readonly text: string;
  /** Which provider: `env`, `file`, `vault`, ... */
  readonly scheme: string;
  /** Which of several providers of one scheme: `vault+payments://...`. Its address and login are the operator's. */
  readonly alias: string | undefined;
  /**
   * What the provider looks up: decoded; without `.`, `..` or empty segments, backslashes, control characters or anything
   * that a second decoding would change. It begins with a slash for `file` alone.
   */
  readonly path: string;
  /** Which member of what is found there. */
  readonly field: string | undefined;
  /** Which version of it; default: the newest. */
  readonly version: string | undefined;
  /** `base64`: bytes are given as base64 text. Default: `utf8`, and bytes that are no UTF-8 are refused. */
  readonly encoding: 'utf8' | 'base64';
}

/** How references of a scheme are written, with an example for whoever wrote one wrongly. */
const FORMS: Readonly<Record<string, { readonly slashes: boolean; readonly example: string }>> = {
  env: { slashes: false, example: 'env:API_KEY' },
  literal: { slashes: false, example: 'literal:anonymous' },
  dotenv: { slashes: false, example: 'dotenv:API_KEY' },
  systemd: { slashes: false, example: 'systemd:api-key' },
  keystore: { slashes: false, example: 'keystore:api-key' },
  file: { slashes: true, example: 'file:///run/secrets/api-key' },
  vault: { slashes: true, example: 'vault://kv/app#api_key' },
  'vault-lease': { slashes: true, example: 'vault-lease://database/creds/readonly#password' },
  'vault-transit': { slashes: true, example: 'vault-transit://transit/my-key#vault:v1:...' },
  awssm: { slashes: true, example: 'awssm://prod/app#api_key' },
  azkv: { slashes: true, example: 'azkv://api-key' },
  gcpsm: { slashes: true, example: 'gcpsm://api-key' },
};

/** The schemes that a reference may begin with. */
export const SCHEMES: readonly string[] = Object.keys(FORMS);

const SHAPE =
  /^([a-z][a-z0-9-]*)(?:\+([A-Za-z0-9][A-Za-z0-9_-]{0,63}))?:(\/\/)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const LONGEST = 2048;
/** `user:password@` before a host, as people write it in URLs. */
const USERINFO = /^[^/@]*:[^/]*@/;

/** Schemes whose path is the name of a variable. */
const VARIABLES: ReadonlySet<string> = new Set(['env', 'dotenv']);
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_.()-]*$/;

/** Whether a text begins as a reference does: with a scheme that is known, and a colon. */
export function looksLikeReference(text: string): boolean {
  const scheme = /^([a-z][a-z0-9-]*)(?:\+[^:/]*)?:/.exec(text)?.[1];
  return scheme !== undefined && Object.hasOwn(FORMS, scheme);
}

/**
 * Reads a reference.
 *
 * @throws SecretError `invalid_reference`, with what to write instead
 */
export function parseReference(text: string): SecretReference {
  const wrong = (why: string): SecretError => new SecretError('invalid_reference', shown(text), why);
  if (text.length > LONGEST) throw wrong(`is longer than ${LONGEST} characters`);
  const [, scheme, alias, slashes, rawPath = '', query, rawField] = SHAPE.exec(text) ?? [];
  if (scheme === undefined) {
    throw wrong('is no reference to a secret; write one such as env:API_KEY or vault://kv/app#api_key');
  }
  const form = Object.hasOwn(FORMS, scheme) ? FORMS[scheme] : undefined;
  if (form === undefined) throw wrong(`begins with no scheme that is known; there are ${SCHEMES.join(', ')}`);
  if (scheme === 'literal') {
    if (alias !== undefined) throw wrong('has an alias, and there is one "literal"; write it as literal:...');
    // Whatever follows is the value, as it stands.
    const value = text.slice(text.indexOf(':') + 1);
    return {
      text: 'literal:...',
      scheme,
      alias: undefined,
      path: value,
      field: undefined,
      version: undefined,
      encoding: 'utf8',
    };
  }
  if (text.trim() !== text) throw wrong('has a space at its beginning or end; take it away');
  if ((slashes !== undefined) !== form.slashes) throw wrong(`write it as ${rewritten(text, form)}`);
  if (VARIABLES.has(scheme) && rawField !== undefined)
    throw wrong(`has "#", and variables have no fields; write it without`);
  if (VARIABLES.has(scheme) && rawPath !== '' && !VARIABLE.test(rawPath)) {
    throw wrong(
      `is no name of a variable; write one such as ${form.example}, and several references as a list`,
    );
  }
  if (USERINFO.test(rawPath) || (scheme.startsWith('vault') && /^[^/]*[@:]/.test(rawPath))) {
    throw wrong('has an address or a login in it; those are set up with the provider, not here');
  }
  const { version, encoding } = readParameters(query, wrong);
  const field = rawField === undefined ? undefined : decode(rawField, wrong);
  if (field === '') throw wrong(`names no field after "#"; write it as ${form.example}, or without "#"`);
  const path = readPath(rawPath, scheme === 'file', wrong);
  if (path === '') throw wrong(`names nothing; write it as ${form.example}`);
  return { text, scheme, alias, path, field, version, encoding };
}

/** The same reference as its scheme is written, where that is known; otherwise an example. */
function rewritten(text: string, form: (typeof FORMS)[string]): string {
  if (shown(text) !== text || text.startsWith('file:')) return form.example;
  return form.slashes ? text.replace(/:\/*/, '://') : text.replace(/:\/+/, ':');
}

type Wrong = (why: string) => SecretError;

/** Checked after decoding, so that `..`, `%2e%2e` and `%252e%252e` fare alike. */
function readPath(raw: string, absolute: boolean, wrong: Wrong): string {
  if (absolute !== raw.startsWith('/')) {
    throw wrong(
      absolute ? 'needs the absolute path of the file, after file://' : 'has three slashes; write two',
    );
  }
  const segments = (absolute ? raw.slice(1) : raw).split('/').map((segment) => decode(segment, wrong));
  for (const segment of segments) {
    if (segment === '' && segments.length > 1)
      throw wrong('has an empty segment; write single slashes, and none at the end');
    if (segment === '.' || segment === '..') throw wrong('climbs with "." or ".."; write the path itself');
    if (segment.includes('/') || segment.includes('\\'))
      throw wrong('has a slash inside a segment; write the path itself');
  }
  return (absolute ? '/' : '') + segments.join('/');
}

/** Half a surrogate pair among them: it has no UTF-8. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Decodes once, and takes nothing that a second decoding would change. */
function decode(raw: string, wrong: Wrong): string {
  let text: string;
  try {
    text = decodeURIComponent(raw);
  } catch {
    throw wrong('has a "%" that is no encoded character; write %25 for a percent sign');
  }
  if (/%[0-9a-f]{2}/i.test(text)) throw wrong('is encoded twice; encode it once');
  if (CONTROL.test(text)) throw wrong('has a control or invisible character; write it without');
  return text;
}

function readParameters(
  query: string | undefined,
  wrong: Wrong,
): Pick<SecretReference, 'version' | 'encoding'> {
  let version: string | undefined;
  let encoding: SecretReference['encoding'] = 'utf8';
  if (query === undefined) return { version, encoding };
  const seen = new Set<string>();
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (seen.has(name)) throw wrong('says the same twice after "?"; say it once');
    seen.add(name);
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1), wrong);
    if (name === 'version' && /^[A-Za-z0-9._-]{1,128}$/.test(value)) version = value;
    else if (name === 'encoding' && (value === 'base64' || value === 'utf8')) encoding = value;
    else throw wrong('may have ?version=... and ?encoding=base64, and nothing else after "?"');
  }
  return { version, encoding };
}

/**
 * What an error may show of a text. One that was not recognized may be a secret put in the wrong place; so may anything
 * that stands where credentials stand in URLs: before an `@`, and after a `?`.
 */
function shown(text: string): string {
  if (!looksLikeReference(text)) return 'a value that is not shown';
  const safe = !/^literal[+:]/.test(text) && text.length <= 200 && !CONTROL.test(text) && !text.includes('@');
  if (!safe) return `${text.slice(0, text.search(/[+:]/))}:...`;
  const query = text.indexOf('?');
  return query < 0 ? text : `${text.slice(0, query)}?...`;
}
