import { isAsciiLetter, isDigit } from '../../../code-units.ts';
import { createWordList, type WordList } from '../../../matchers/word-list.ts';
import type { Cursor } from '../../../engine/cursor.ts';
import type { Matcher } from '../../../rule.ts';
import { type Assignment, NAME, readAssignment, valueEnd } from '../assignment.ts';
import { isPlaceholderAt, isReference, isUuid } from '../placeholder.ts';
import { looksChosen, looksRandom, looksRandomAt } from '../strength.ts';

/** The longest value that is read. */
export const MOST_VALUE = 200;

/** What a name says that is about a secret and not the secret: the last word, or any. */
const isAboutLast: WordList = createWordList(
  (
    'id ids name names type types file files path paths url urls uri arn count counts length limit limits size ' +
    'ttl expiry expires expiration hash hashes regex pattern field fields header headers prefix suffix env var ' +
    'ref version label hint placeholder policy min max reset endpoint provider manager store storage algorithm ' +
    'alg method usage used format title description message error text input output index position strategy scope ' +
    'scopes status kind class style color theme icon required enabled disabled visible map list set rule rules ' +
    'schema module package source address region host port role email date time at in on fn func handler callback ' +
    'validator service digest fingerprint checksum thumbprint'
  ).split(' '),
);
const isAboutAny: WordList = createWordList(
  (
    'public pub next prev previous page paging pagination cursor continuation sync pad eos bos unk sep cls mask ' +
    'csrf xsrf idempotency cancellation cancel etag cache sort partition foreign primary range row column object ' +
    's3 i18n translation locale test mock fake example dummy sample fixture hashed encrypted tokenizer tokenize ' +
    'tokensize syntax lexer parser csp nonce resume checkpoint anti forgery antiforgery keyboard gcm fcm device'
  ).split(' '),
);

/** Looks at the words of `authTokenID`, `AUTH_TOKEN_ID`, `auth-token-id`, from the last to the first. */
function isAboutSecrets(codes: Uint16Array, from: number, to: number): boolean {
  let isLast = true;
  for (let end = to; end > from;) {
    let start = end;
    while (start > from && isWordUnit(codes[start - 1] as number) && !beginsWord(codes, start, end))
      start -= 1;
    if (start === end) end -= 1;
    else {
      if ((isLast && isAboutLast(codes, start, end)) || isAboutAny(codes, start, end)) return true;
      isLast = false;
      end = start;
    }
  }
  return false;
}

/** Whether a capital after another unit of a word stands at `at`, which is inside the name. */
function beginsWord(codes: Uint16Array, at: number, end: number): boolean {
  return at < end && isCapital(codes[at] as number) && !isCapital(codes[at - 1] as number);
}

function isWordUnit(code: number): boolean {
  return isAsciiLetter(code) || isDigit(code);
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Passwords that stand for one, and what code assigns: `null`, a type, a name of the same thing. */
const NO_VALUE =
  /^(?:null|none|nil|true|false|undefined|string|str|text|number|bool(?:ean)?|required|optional|secret|token|pass(?:word|wd|phrase)?|pwd|hidden|masked|admin|root|user(?:name)?|guest|postgres|mysql|mongo|redis|default|test(?:ing)?|demo|p@ssw0rd|password\d{0,4}|pass\d{0,4}|secret\d{0,4}|test\d{0,4}|admin\d{0,4}|123456\d*|abc123|foo(?:bar)?|bar|baz|foobarbaz|my[-_ ]?(?:secret|password|token|key|api[-_]?key)\w*|(?:test|fake|mock|dummy|sample|demo|some|any)[-_]?(?:secret|token|password|key|value|api)[-_\w]*|(?:secret|token|password|api[-_]?key)[-_](?:key|value|here|token|string|name|\d{1,4}))$/i;
const LATER =
  /[-_](?:key|secret|token|password)s?(?![a-z])|[-_](?:KEY|SECRET|TOKEN|PASSWORD)S?(?![A-Z])|(?:Key|Secret|Token|Password)s?(?![a-z])/;
/** A member, a call, an index: what no quotes keep from being code. */
const CODE = /[()[\]{}$`\\]|^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$|->|::|=>|^!!|\?\?|\?\.|!\./;

/**
 * The value that is assigned to a name which says that it is secret, unless it stands for one or is code. Of the names
 * that hold the word, only those that `names` knows count.
 */
export function findAssigned(isPassword: boolean, names?: RegExp): Matcher {
  return (cursor) => {
    const assignment = readAssignment(cursor);
    if (assignment === undefined) return false;
    const { codes } = cursor;
    const { start, quote, tight, told } = assignment;
    if (names !== undefined && isBeforeKey(cursor, assignment)) return false;
    // Of several such words in a name the last is asked.
    if (assignment.nameEnd > cursor.end + 3 && LATER.test(cursor.text.slice(cursor.end, assignment.nameEnd)))
      return false;
    let to = valueEnd(codes, assignment, MOST_VALUE);
    if (told && codes[to - 1] === 46) to -= 1;
    if (to - start < 6) return false;
    const value = cursor.text.slice(start, to);
    // In the order of what they cost: a label in a sentence is seldom one.
    const needsRandom = quote === 0 && !tight && !told && !endsLine(codes, to);
    if (needsRandom && !looksRandomAt(value, codes, start, to)) return false;
    if (told && !/\d/.test(value)) return false;
    const isRandom = needsRandom || (!isPassword && looksRandomAt(value, codes, start, to));
    if (!isLikely(value, isPassword, isRandom) || isReference(value)) return false;
    if (isPlaceholderAt(value, codes, start, to) || (quote === 0 && CODE.test(value))) return false;
    const { nameStart, nameEnd } = assignment;
    if (names !== undefined && !names.test(cursor.text.slice(nameStart, nameEnd))) return false;
    if (isAboutSecrets(codes, nameStart, nameEnd)) return false;
    cursor.from = start;
    cursor.to = to;
    // What is validated is that; of a password that does not look random, more is asked.
    if (isRandom || !isPassword) cursor.valid = isRandom;
    return true;
  };
}

/**
 * Whether the last word of a name that the cursor stands in is `Key`, where a capital begins a word. It is itself what the
 * scan stops for, and is asked for the same value then.
 */
function isBeforeKey({ codes, end }: Cursor, { nameStart, nameEnd }: Assignment): boolean {
  if (nameEnd !== end + 3 || nameStart < end - NAME || !isSmall(codes[end - 1] as number)) return false;
  return codes[end] === 75 && codes[end + 1] === 101 && codes[end + 2] === 121;
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isLikely(value: string, isPassword: boolean, isRandom: boolean): boolean {
  if (/\s/.test(value) || NO_VALUE.test(value) || isUuid(value)) return false;
  return isRandom || (isPassword ? looksChosen(value) || looksRandom(value) : isWeakKey(value));
}

/** A key that someone made up: 12 units, with letters and digits in one part. */
function isWeakKey(value: string): boolean {
  return value.length >= 12 && /\d/.test(value) && !/[^\w+/=.~-]/.test(value) && looksChosen(value, 8);
}

function endsLine(codes: Uint16Array, at: number): boolean {
  const code = codes[at] as number;
  return code === 0 || code === 10 || code === 13;
}

/** Whether a password is of the kind that is not chosen for a test: random, or ten units of three kinds. */
export function isStrongPassword(value: string): boolean {
  if (looksRandom(value)) return true;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  return value.length >= 10 && kinds >= 3;
}
