import { placeOf, verdictOf } from '../place.ts';
import { VERDICT, type VerdictName } from '../verdicts.ts';
import {
  FACILITY_WORDS,
  KEPT_WORDS,
  ORGANISATION_HINTS,
  ORGANISATION_WORDS,
  PARTY_WORDS,
  PERSON_HINTS,
  PERSON_WORDS,
  QUALIFIERS,
  SYSTEM_TIMES,
  THING_HINTS,
  THING_WORDS,
  WRAPPER_WORDS,
} from './key-words.ts';
import { CONTEXT, EVIDENCE, EVIDENCE_OF, type Look, LOOKED_AT, OPEN_LOOKED_AT } from './look.ts';
import { CLOSED_PHRASES, OPEN_PHRASES } from './phrases.ts';
import { isPlural, LONGEST_KEY, splitKey } from './split-key.ts';

export interface KeyClass {
  /** What it says when nothing else is looked at. */
  readonly place: number;
  readonly look: Look;
  readonly evidence: number;
}
export type ClassifyKey = (key: string) => KeyClass;

type Found = readonly [verdict: VerdictName, look: Look, context: number, evidence?: number | undefined];

/** A key of more words is data, not a name; of one that is too long, so many are read. */
const MOST_WORDS = 10;

const UNKNOWN_KEY: KeyClass = Object.freeze({ place: 0, look: 'nothing', evidence: 0 });

/** The class of a key by its words. Made once for each reader; it splits and looks up, so its answers are worth keeping. */
export function createKeyClassifier(): ClassifyKey {
  const open = new Map<string, Found>();
  const closed = new Map<string, Found>();
  const compact = new Map<string, Found>();
  fill();
  const prefixes = [...PERSON, ...PARTY, ...FACILITY, ...QUALIFYING].filter((word) => word.length > 3);

  return (key) => {
    if (key.length === 0) return UNKNOWN_KEY;
    if (key.length > LONGEST_KEY)
      return toClass(lookUpAll(splitKey(key.slice(-LONGEST_KEY)).slice(-MOST_WORDS)));
    const words = splitKey(key);
    const found = lookUpAll(words);
    return found?.[1] !== 'kept' && isCount(words, key) ? UNKNOWN_KEY : toClass(found);
  };

  /** `mRN` and `LaStNaMe` are split in places where no word ends. */
  function lookUpAll(words: readonly string[]): Found | undefined {
    const together = words.join('');
    return find(words) ?? open.get(together) ?? compact.get(together);
  }

  function find(words: readonly string[]): Found | undefined {
    if (words.length === 0 || words.length > MOST_WORDS) return undefined;
    if (words.length === 1) return lookUp(words) ?? glued(words[0] as string);
    if (words[1] === 'of') {
      const whole = open.get(words.join(' ')) ?? closed.get(words.join(' '));
      const turned = whole ?? lookUp([...words.slice(2), words[0] as string]);
      if (turned !== undefined) return turned;
    }
    const at = words.indexOf('at');
    if (at > 0 && words[at - 1] === 'age') {
      const age = lookUp(words.slice(0, at));
      if (age !== undefined) return age;
    }
    let found = lookUp(words);
    for (let end = words.length - 1; end > 0 && TRAILING.has(words[end] as string); end--) {
      if (found !== undefined && found[1] !== 'wrapper' && found[1] !== 'part') return found;
      found = lookUp(words.slice(0, end)) ?? found;
    }
    return found;
  }

  /** The longest phrase at the end. */
  function lookUp(words: readonly string[]): Found | undefined {
    for (let from = 0; from < words.length; from++) {
      const phrase = words.slice(from).join(' ');
      const found = open.get(phrase);
      if (found !== undefined) return found;
      const narrow = closed.get(phrase);
      if (narrow !== undefined && words.slice(0, from).every(isQualifier)) {
        return narrow[1] === 'name' ? nameOf(words.slice(0, from), narrow) : narrow;
      }
    }
    return undefined;
  }

  /** `dateofbirth`, `patientname`: words that were written together. */
  function glued(word: string): Found | undefined {
    const whole = compact.get(word);
    if (whole !== undefined) return whole;
    for (const prefix of prefixes) {
      const found = word.startsWith(prefix) ? compact.get(word.slice(prefix.length)) : undefined;
      if (found !== undefined) return found[1] === 'name' ? nameOf([prefix], found) : found;
    }
    return undefined;
  }

  function fill(): void {
    for (const [verdict, phrases] of OPEN_PHRASES)
      set(open, phrases, [verdict, lookFor(verdict), contextFor(verdict)]);
    for (const [verdict, phrases] of CLOSED_PHRASES)
      set(closed, phrases, [verdict, 'nothing', contextFor(verdict)]);
    for (const [look, phrases, context] of LOOKED_AT)
      set(closed, phrases, ['text', look, context, EVIDENCE_OF.get(look)]);
    for (const [look, phrases, context = CONTEXT.none] of OPEN_LOOKED_AT)
      set(open, phrases, ['text', look, context, EVIDENCE_OF.get(look)]);
    set(open, SYSTEM_TIMES, ['text', 'system-time', CONTEXT.none]);
    container(PERSON, ['text', 'role', CONTEXT.person]);
    container(PARTY, ['text', 'role', CONTEXT.party]);
    container(FACILITY, ['text', 'facility', CONTEXT.facility]);
    container(ORGANISATION, ['text', 'nothing', CONTEXT.organisation]);
    container(words(WRAPPER_WORDS), ['text', 'wrapper', CONTEXT.none]);
    open.set('patient', ['text', 'role', CONTEXT.patient]);
    hint(ORGANISATION_HINTS, EVIDENCE.organisation);
    for (const word of words(KEPT_WORDS))
      if (!open.has(word)) open.set(word, ['keep', 'kept', CONTEXT.none, 0]);
    container(words(THING_WORDS), ['text', 'nothing', CONTEXT.thing, 0]);
    hint(PERSON_HINTS, EVIDENCE.person);
    hint(THING_HINTS, EVIDENCE.thing);
    for (const [phrase, found] of [...open, ...closed]) {
      const together = phrase.replaceAll(' ', '');
      if (together.length > 3 || found[1] === 'name')
        if (!compact.has(together)) compact.set(together, found);
    }
  }

  function container(names: Iterable<string>, found: Found): void {
    for (const name of names) if (!open.has(name)) open.set(name, found);
  }

  function hint(names: string, evidence: number): void {
    for (const name of words(names)) {
      const map = closed.has(name) ? closed : open;
      const found = map.get(name) ?? (['text', 'nothing', CONTEXT.none] as const);
      map.set(name, [found[0], found[1], found[2], (found[3] ?? 0) | evidence]);
    }
  }
}

function toClass(found: Found | undefined): KeyClass {
  if (found === undefined) return UNKNOWN_KEY;
  const [verdict, look, context, evidence] = found;
  return { place: placeOf(context, VERDICT[verdict]), look, evidence: evidence ?? evidenceOf(verdict) };
}

const PERSON: ReadonlySet<string> = new Set(words(PERSON_WORDS));
const PARTY: ReadonlySet<string> = new Set(words(PARTY_WORDS));
const FACILITY: ReadonlySet<string> = new Set(words(FACILITY_WORDS));
const ORGANISATION: ReadonlySet<string> = new Set(words(ORGANISATION_WORDS));
const QUALIFYING: ReadonlySet<string> = new Set(words(QUALIFIERS));

/** Words after a phrase that leave its value what it is. */
const TRAILING: ReadonlySet<string> = new Set(
  `last4 last 4 text value string raw primary secondary home work mobile office full formatted display masked plain main personal
   list array record info detail data object entry input answer other alternate normalized x plus profile attribute particular demographic identity information`.split(
    /\s+/,
  ),
);

const PERSONAL: ReadonlySet<VerdictName> = new Set<VerdictName>([
  'dob',
  'ssn',
  'mrn',
  'patient-id',
  'person',
  'mbi',
  'health-plan-id',
  'driver-license',
  'passport',
  'uk-nhs',
  'uk-nino',
]);
const CONTACT: ReadonlySet<VerdictName> = new Set<VerdictName>(['email', 'phone', 'fax', 'username']);
const WHERE: ReadonlySet<VerdictName> = new Set<VerdictName>(['street', 'zip']);

function evidenceOf(verdict: VerdictName): number {
  if (PERSONAL.has(verdict)) return EVIDENCE.person;
  if (CONTACT.has(verdict)) return EVIDENCE.contact;
  if (verdict === 'ein' || verdict === 'tax-id') return EVIDENCE.organisation;
  return WHERE.has(verdict) ? EVIDENCE.address : 0;
}

/** `name` after other words: a person's, a place's, or, after words like `display`, whose it is is not said. */
function nameOf(before: readonly string[], ambiguous: Found): Found {
  if (before.some((word) => FACILITY.has(word))) return ['facility', 'nothing', CONTEXT.of];
  if (before.some((word) => PERSON.has(word) || word === 'patient'))
    return ['person', 'nothing', CONTEXT.name, EVIDENCE.person];
  if (before.some((word) => PARTY.has(word))) return ['person-likely', 'nothing', CONTEXT.name, 0];
  return ambiguous;
}

/** `number_of_patients`, `numPhones`, `total_members`, `birthDays`, and the `cell_age` of a culture: how many there are is not one of them. */
function isCount(words: readonly string[], key: string): boolean {
  if (words.length < 2) return false;
  const [first] = words;
  if (first === 'count' || first === 'total') return true;
  if (first === 'number') return words[1] === 'of' || isPlural(key);
  if (first === 'cell') return words.at(-1) === 'age';
  return first === 'birth' && words.length === 2 && words[1] === 'day' && isPlural(key);
}

function isQualifier(word: string): boolean {
  return (
    QUALIFYING.has(word) || PERSON.has(word) || PARTY.has(word) || FACILITY.has(word) || word === 'display'
  );
}

function lookFor(verdict: VerdictName): Look {
  return verdict === 'facility' ? 'facility' : 'nothing';
}

function contextFor(verdict: VerdictName): number {
  if (verdict === 'street') return CONTEXT.address;
  if (verdict === 'facility') return CONTEXT.facility;
  return verdict === 'person' ? CONTEXT.name : CONTEXT.of;
}

function set(map: Map<string, Found>, phrases: string, found: Found): void {
  for (const phrase of phrases.split(',')) map.set(phrase.replaceAll(/\s+/g, ' ').trim(), found);
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Whether a class says by itself what a value is. */
export function isEntity(found: KeyClass): boolean {
  return verdictOf(found.place) > VERDICT.keep;
}
