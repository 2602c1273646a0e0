import { type Detector, type Finding, type Rule, SECRET_RULES } from '@sallyport/detection/secrets';
import type { Encoding } from '../scan-finding.ts';
import type { Run } from './base64-runs.ts';
import { type EncodedSpan, encodedSpans } from './encoded-spans.ts';
import { createOverlapTest } from './overlaps.ts';

/** A credential in a text, in UTF-16 code units of it. */
export interface TextHit {
  readonly rule: string;
  readonly entity: Finding['entity'];
  readonly score: number;
  /** Of an encoded one: the part of the span that holds it. */
  readonly start: number;
  readonly end: number;
  /** As it is used, decoded. */
  readonly secret: string;
  readonly encoded?: readonly Encoding[];
}

/** Base64 in base64 is looked into; a third time is nobody's habit. */
const DEPTH = 2;
/** Units of one text that are decoded. */
const BUDGET = 4 << 20;

/**
 * What a detector finds in a text and in what is encoded in it, sorted by place.
 *
 * @param runs of the text that may be base64, where they are known
 */
export function scanText(detector: Detector, text: string, runs?: readonly Run[]): readonly TextHit[] {
  return scanAt(detector, text, 0, runs);
}

function scanAt(detector: Detector, text: string, depth: number, runs?: readonly Run[]): readonly TextHit[] {
  const found = detector.scan(text);
  const plain = found.length === 0 ? NOTHING : withoutRests(found.map((finding) => hitOf(finding, text)));
  if (depth === DEPTH) return plain;
  const spans = encodedSpans(text, BUDGET, runs);
  if (spans.length === 0) return plain;
  const isPlain = createOverlapTest(plain);
  const decoded = spans.flatMap((span) =>
    scanAt(detector, span.text, depth + 1)
      .map((hit) => placed(hit, span))
      // What was found as it stands, such as a JSON Web Token, is not found again inside.
      .filter((hit) => !isPlain(hit)),
  );
  return decoded.length === 0 ? plain : [...plain, ...decoded].sort((a, b) => a.start - b.start);
}

const NOTHING: readonly TextHit[] = [];

/** Units between a rest and what it is the rest of: a quote, `=`, `://`. */
const BESIDE = 4;

/**
 * Of two findings over one another a detector keeps what the loser covers alone, so that nothing stays unredacted: of
 * `token = "KEY=ghp_..."` the `KEY`. That is no credential. What is left of one does not pass the check that all of it did.
 */
function withoutRests(hits: readonly TextHit[]): readonly TextHit[] {
  if (hits.length < 2) return hits;
  return hits.filter((hit, at) => {
    const [before, after] = [hits[at - 1], hits[at + 1]];
    const isBeside =
      (before !== undefined && hit.start - before.end <= BESIDE) ||
      (after !== undefined && after.start - hit.end <= BESIDE);
    if (!isBeside) return true;
    const rule = RULES.get(hit.rule);
    return rule?.validate === undefined || hit.score < rule.scores.alone || rule.validate(hit.secret);
  });
}

const RULES: ReadonlyMap<string, Rule> = new Map(SECRET_RULES.map((rule) => [rule.id, rule]));

function hitOf({ rule, entity, score, start, end }: Finding, text: string): TextHit {
  return { rule, entity, score, start, end, secret: text.slice(start, end) };
}

function placed(hit: TextHit, span: EncodedSpan): TextHit {
  const [start, end] = span.placeOf(hit.start, hit.end);
  return { ...hit, start, end, encoded: [span.encoding, ...(hit.encoded ?? [])] };
}
