import { createLiteralSearch } from './literal-search.ts';

/**
 * Words that documentation puts where a secret goes, none of which is likely in a random token (five letters at least), and
 * one unit, repeated: `xxxxxxxx`, `00000000`.
 */
const STAND_INS =
  /example|placeholder|change[-_]?me|replace[-_]?(?:me|this|with)|your[-_ ]|redacted|dummy|xxxxx|X{5}|\*{3}|\.\.\.|\u2026|[<>{}]|#{5}|_here\b|0{8}|_{8}|-{8}/i;
/** What each of them begins with. */
const standIns = createLiteralSearch(
  'exam plac chan repl your reda dumm xxxx #### _her 0000 ____ ---- *** ... \u2026 < > { }'.split(' '),
);

/** Whether a value that has the shape of a token only stands for one: `YOUR_KEY`, runs of x, `...EXAMPLE`. */
export function isPlaceholder(value: string): boolean {
  return (standIns.inText(value) && STAND_INS.test(value)) || hasFewUnits(value);
}

/** The same of a value that stands from `from` to `to`: what is asked of each match is asked of the units. */
export function isPlaceholderAt(value: string, codes: Uint16Array, from: number, to: number): boolean {
  return (standIns.inUnits(codes, from, to) && STAND_INS.test(value)) || hasFewUnits(value);
}

/** Fewer than four different units behind the last `_` or `-`; read from the end, where most values show a fourth soon. */
function hasFewUnits(value: string): boolean {
  const first = value.charCodeAt(value.length - 1);
  let [second, third] = [first, first];
  let at = value.length;
  while (at > 0) {
    const code = value.charCodeAt(at - 1);
    if (code === 45 || code === 95) break;
    at -= 1;
    if (code === first || code === second || code === third) continue;
    if (second === first) second = code;
    else if (third === first) third = code;
    else return false;
  }
  return value.length - at >= 12;
}

/** A variable, a template, a call, a path, or where a secret is kept: `${X}`, `$X`, `{{x}}`, `process.env.X`, `op://a/b`. */
const REFERENCE =
  /^(?:[${<(*?\\]|%[({s]|process\.env|os\.(?:environ|getenv)|getenv|env[.:(]|environ|import\.meta|config[.[(]|secrets?[.[(]|vars?\.|self\.|this\.|[a-z][a-z0-9+-]*:\/|(?:env|file|keychain|keystore|vault|awssm|gcpsm|azkv|op|arn|urn|data|ref|secret|secretref|sops|doppler|kms)[:+]|sha(?:1|256|384|512)[-:$]|md5[-:]|ENC\[|\.{0,2}\/|~\/)/i;
/** What is inside a value only where it is a template. */
const TEMPLATE = /\$\{|\{\{|\$\(|%\(|<%/;
const templates = createLiteralSearch(['${', '{{', '$(', '%(', '<%']);

export function isReference(value: string): boolean {
  return REFERENCE.test(value) || (templates.inText(value) && TEMPLATE.test(value));
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return value.length === 36 && UUID.test(value);
}
