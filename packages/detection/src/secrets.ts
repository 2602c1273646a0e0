/** What a scan for secrets needs, without what reads names and keys: that is most of what the package loads. */
export { createDetector, type Detector, type DetectorOptions } from './detector.ts';
export { type EntityName, SECRET_ENTITIES, type SecretEntity } from './entity.ts';
export type { Finding } from './finding.ts';
export type { Rule, Severity } from './rule.ts';
export { SECRET_GROUPS, SECRET_RULES } from './rules/secrets/index.ts';
export { checkPattern } from './user-rule.ts';
