import type { NameVerdict } from './secret-name.ts';

/** How a value stands for one that is kept elsewhere, in clients, shells, templates and our own policies. */
const REFERENCE =
  /^(?:[${<(*`]|%\w+%|@\w+[({]|process\.env|os\.environ|(?:env|dotenv|literal|systemd|keystore|file|vault|vault-lease|vault-transit|awssm|azkv|gcpsm|op|input|secret|secretref|keychain|sops|doppler|ref|arn|urn|data)(?:\+[\w-]+)?:)|\$\{|\{\{|\$\(/i;
/** What documentation writes where a secret goes, and brackets that stand around the shape of one. */
const STAND_IN =
  /your|example|placeholder|change[-_ ]?me|replace|insert|redacted|dummy|sample|x{4}|\*{3}|\.\.\.|\u2026|[<>‹›⟦⟧«»]|\btodo\b|fixme|[-_ ]here\b|0{8}|_{6}|-{6}|12345678|23456789|abcdefgh|qwerty/i;
const WEAK =
  /^(?:(?:my|some|any|the|a|test|fake|mock|demo|dev|local|super|default|db|app|root|user|admin|top)?[-_ ]?(?:api|access|auth|secret|super|client|db|database)?[-_ ]?(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|credential|cred)s?[-_ ]?(?:value|string)?|(?:admin|root|guest|postgres|mysql|mongo(?:db)?|redis|neo4j|minio(?:admin)?|rabbit(?:mq)?|elastic|test(?:ing)?|demo|user(?:name)?|foo(?:bar)?|bar|baz|none|null|nil|true|false|undefined|optional|required|anonymous|disabled|enabled|default|abc|xyz|sa))[-_]?\d{0,4}!?$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NUMBER = /^[+-]?[\d.,:_/-]*$/;
const PATH = /^(?:\.{0,2}\/|~\/|[A-Za-z]:[\\/]|\\\\)/;
const HOST = /^(?:[a-z0-9-]{1,40}\.)+[a-z]{2,10}(?::\d+)?(?:\/[\w./-]*)?$/;
const EMAIL = /^[\w.+-]+@[\w.-]+\.[a-z]{2,}$/i;
/** As mail providers hand them out. */
const APP_PASSWORD = /^[a-z]{4}(?: [a-z]{4}){3}$/;
/** A JSON value, a list, or the fields of a query. */
const STRUCTURE = /^[[{]|^[\w-]+(?:,[\w-]+)+$/;
const MOST = 4096;

/** Whether a value only stands for a secret: a reference, a template, a placeholder. */
export function isStandIn(value: string): boolean {
  return (
    value === '' || REFERENCE.test(value) || STAND_IN.test(value) || WEAK.test(value) || hasFewUnits(value)
  );
}

/** Whether a value under such a name is a secret that stands there as it is. */
export function isLiteralSecret(name: NameVerdict, value: string): boolean {
  if (value.length > MOST || isStandIn(value) || isHarmless(value)) return false;
  switch (name) {
    case 'password':
      return value.length >= 6 && (isMixed(value) || APP_PASSWORD.test(value));
    case 'secret':
      return (
        value.length >= 8 && !/\s/.test(value) && (UUID.test(value) || isMixed(value) || isRandomWord(value))
      );
    case 'nothing':
      return !UUID.test(value) && looksRandom(value);
    case 'identifier':
      return false;
  }
}

/** Whether it looks drawn by lot: 24 units at least, of letters and digits. */
export function looksRandom(value: string): boolean {
  if (value.length < 24 || !/^[\w+/=.~-]+$/.test(value) || !/\d.*\d.*\d/.test(value)) return false;
  const longest = value.split(/[-_./~]/).toSorted((a, b) => b.length - a.length)[0] ?? '';
  if (longest.length < 16 || !isMixed(longest)) return false;
  return entropyOf(value) >= (/^[0-9a-f]+$/i.test(longest) ? 3 : 3.6);
}

function isHarmless(value: string): boolean {
  return (
    NUMBER.test(value) ||
    PATH.test(value) ||
    HOST.test(value) ||
    EMAIL.test(value) ||
    STRUCTURE.test(value) ||
    /^[a-z][a-z0-9+.-]*:\/\//i.test(value)
  );
}

/** Letters with digits or marks in one part, which is no word with a number: `v2`, `oauth2`, `sonnet45`. */
function isMixed(value: string): boolean {
  if (/[^\w\s./:@-]/.test(value) && /[A-Za-z]/.test(value)) return true;
  return value.split(/[-_./:@\s]/).some((part) => {
    if (part.length < 5 || !/\d/.test(part) || !/[A-Za-z]/.test(part)) return false;
    return !/^[A-Za-z][a-z]+\d{1,4}$|^[A-Z]+\d{1,4}$|^\d+[a-z]{1,3}$/i.test(part) || part.length > 16;
  });
}

/** Letters alone, but of both cases as no words have them. */
function isRandomWord(value: string): boolean {
  if (value.length < 16 || !/^[A-Za-z]+$/.test(value)) return false;
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  // Capitals in a row, in two places at least, are no words that were joined.
  const least = value.length >= 20 && (value.match(/[A-Z]{2,}/g)?.length ?? 0) > 1 ? 0.22 : 0.35;
  return changes / value.length >= least && entropyOf(value) >= 3.3;
}

function hasFewUnits(value: string): boolean {
  const tail = value.slice(value.search(/[^-_]*$/));
  return tail.length >= 8 && new Set(tail).size < 4;
}

/** Shannon's entropy in bits for a unit. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const unit of value) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
