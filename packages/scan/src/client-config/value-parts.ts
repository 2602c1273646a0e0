import { judgeName, type NameVerdict } from './secret-name.ts';
import { isLiteralSecret, isStandIn, looksRandom } from './secret-value.ts';

/** A literal credential in a value, by its place there. */
export interface SecretPart {
  readonly from: number;
  readonly to: number;
  /** What it is called: a variable, a header, an option, a parameter. Absent where it has no name of its own. */
  readonly name?: string;
  /** It is a part of a URL. */
  readonly inUrl: boolean;
}

/** A value with what it is called. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

const SCHEME = /^(?:bearer|basic|token|apikey|api-key|key|ssws|bot|pat)\s{1,4}/i;
const URLS = /[a-z][a-z0-9+.-]{1,31}:\/\/[^\s"'<>|`]{1,2048}/gi;
const LOGIN = /^[a-z][a-z0-9+.-]*:\/\/([^\s/?#@:]{0,256})(?::([^\s/?#]{1,512}))?@/i;
const PARAMETERS = /[?&#;]([\w.-]{1,64})=([^&#;\s]{1,2048})/g;
/** `name=`, `name: `, `"name":"`, and `--name ` before a value. */
const PAIR_NAME = /(--?)?([A-Za-z_][\w.-]{0,63})["']{0,2}(\s{0,2}[=:]\s{0,2}|\s{1,2})["']{0,2}/g;
const PAIR_VALUE = /(?:(?:bearer|basic|token|bot) {1,4})?[^\s"'&;,]{4,4096}/iy;
/** What is longer is no argument that anybody typed. */
const MOST_UNITS = 16_384;
/** Each is read to its end, so that there is a limit to how often that is done. */
const MOST_PAIRS = 64;

/** Every literal credential in a value: the whole of it, or in its URLs, pairs and headers. Sorted, none over another. */
export function secretParts({ name, value }: NamedValue): readonly SecretPart[] {
  if (value.length > MOST_UNITS) return [];
  const whole = wholeValue(name, value);
  if (whole !== undefined) return [whole];
  const found: SecretPart[] = [];
  const add = (part: SecretPart): void => {
    if (!found.some(({ from, to }) => part.from < to && from < part.to)) found.push(part);
  };
  for (const part of urlParts(value)) add(part);
  for (const part of pairParts(value)) add(part);
  return found.toSorted((a, b) => a.from - b.from);
}

function wholeValue(name: string, value: string): SecretPart | undefined {
  const from = SCHEME.exec(value)?.[0].length ?? 0;
  const rest = value.slice(from);
  // `Cookie: a=b; c=d`, a connection string, a variable of its own.
  const first = /^([\w.-]{1,64})\s?[=:]\s?[^\s=]/.exec(rest)?.[1];
  if (first !== undefined && (/[;&]/.test(rest) || isNamed(judgeName(first)))) return undefined;
  const verdict = judgeName(name);
  const isHeader = from > 0 && verdict === 'nothing' ? 'secret' : verdict;
  return isLiteralSecret(isHeader, rest) ? { from, to: value.length, name, inUrl: false } : undefined;
}

function urlParts(value: string): readonly SecretPart[] {
  return [...value.matchAll(URLS)].flatMap(({ 0: url, index }) => [
    ...loginParts(url, index),
    ...parameterParts(url, index),
    ...pathParts(url, index),
  ]);
}

function loginParts(url: string, index: number): readonly SecretPart[] {
  const login = LOGIN.exec(url);
  if (login === null) return [];
  const [head, user = '', password = ''] = login;
  const end = index + head.length - 1;
  if (password !== '') {
    const isSecret = password !== user && isLiteralSecret('password', password);
    if (isSecret) return [{ from: end - password.length, to: end, inUrl: true }];
  }
  const from = index + head.indexOf('://') + 3;
  return looksRandom(user) && !isStandIn(user) ? [{ from, to: from + user.length, inUrl: true }] : [];
}

function parameterParts(url: string, index: number): readonly SecretPart[] {
  return [...url.matchAll(PARAMETERS)].flatMap(({ 0: text, 1: name = '', 2: value = '', index: at }) => {
    const verdict = /^(?:key|sig|code|auth)$/i.test(name) ? 'secret' : judgeName(name);
    if (!isLiteralSecret(verdict, value)) return [];
    const to = index + at + text.length;
    return [{ from: to - value.length, to, name, inUrl: true }];
  });
}

/** Of hexadecimal digits alone it may be a commit, a project, an account. */
const IDENTIFIER = /^(?:[0-9a-f]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/** A segment that is a key: `/s/<key>/mcp`. */
function pathParts(url: string, index: number): readonly SecretPart[] {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (start === -1) return [];
  const path = url.slice(start).split(/[?#]/, 1)[0] ?? '';
  let at = index + start;
  return path.split('/').flatMap((segment) => {
    const from = at;
    at += segment.length + 1;
    const isSecret = segment.length >= 32 && !IDENTIFIER.test(segment) && looksRandom(segment);
    return isSecret && !isStandIn(segment) ? [{ from, to: from + segment.length, inUrl: true }] : [];
  });
}

function pairParts(value: string): readonly SecretPart[] {
  const found: SecretPart[] = [];
  const names = new RegExp(PAIR_NAME);
  const values = new RegExp(PAIR_VALUE);
  let tried = 0;
  for (let pair = names.exec(value); pair !== null && tried < MOST_PAIRS; pair = names.exec(value)) {
    const [text, dashes = '', name = '', mark = ''] = pair;
    const verdict = judgeName(name);
    // Without a mark between them only an option has a value.
    const isPair = isNamed(verdict) && (mark.trim() !== '' || dashes === '--');
    // What looks like a value may be the next name: `-e NAME=value`.
    names.lastIndex = pair.index + dashes.length + name.length + 1;
    if (!isPair) continue;
    tried += 1;
    values.lastIndex = pair.index + text.length;
    const given = values.exec(value)?.[0] ?? '';
    const secret = given.slice(SCHEME.exec(given)?.[0].length ?? 0);
    if (!isLiteralSecret(verdict, secret)) continue;
    const to = pair.index + text.length + given.length;
    found.push({ from: to - secret.length, to, name, inUrl: false });
    names.lastIndex = to;
  }
  return found;
}

function isNamed(verdict: NameVerdict): boolean {
  return verdict === 'secret' || verdict === 'password';
}
