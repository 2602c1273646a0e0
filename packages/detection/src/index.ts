export type { AllowEntry } from './allow-list.ts';
export { createDetector, type Detector, type DetectorOptions } from './detector.ts';
export { ENTITIES, type Entity, type EntityName, SECRET_ENTITIES, type SecretEntity } from './entity.ts';
export type { Finding } from './finding.ts';
export type { ProseDetector } from './prose-detector.ts';
export {
  type Form,
  type Locale,
  LOCALES,
  type Matcher,
  type Next,
  type Rule,
  type Scores,
  type Severity,
  type Trigger,
} from './rule.ts';
export type { Cursor } from './engine/cursor.ts';
export { RULES } from './rules/index.ts';
export { SECRET_GROUPS, SECRET_RULES } from './rules/secrets/index.ts';
export { HAS_ANYTHING, HAS_CAPITAL, HAS_DIGIT, HAS_MARK, HAS_OTHER, HAS_RUN } from './unit-kinds.ts';
export { checkPattern, type PatternCheck, type UserRule } from './user-rule.ts';
export { createKeyReader } from './keys/create-key-reader.ts';
export type { KeyReader, KeyReaderOptions, PlacesByName, Verdict } from './keys/key-reader.ts';
export {
  createNameContext,
  createNameTagger,
  createPersonDetector,
  type NameContext,
  type NameSpan,
  type NameTagger,
  type NameWeights,
  type PersonDetector,
} from './names/index.ts';
