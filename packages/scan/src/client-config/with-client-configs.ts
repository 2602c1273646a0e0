import type { Detector, Finding } from '@sallyport/detection/secrets';
import { createOverlapTest } from '../engine/overlaps.ts';
import { CLIENT_CONFIG_RULES } from './client-config-rules.ts';
import { findInClientConfig } from './find-in-client-config.ts';

/** Whether a rule is one of this package, which no detector knows. */
export function isClientConfigRule(id: string): boolean {
  return Object.values(CLIENT_CONFIG_RULES).some((rule) => rule.id === id);
}

export interface ClientConfigOptions {
  /** Ids of rules to leave out; those of others are for the detector. Default: none. */
  readonly without?: readonly string[];
  /** The least score of a finding, from 0 to 1. Default 0.5. */
  readonly threshold?: number | undefined;
}

/**
 * A detector that finds the literal credentials in configs of MCP clients, too. Where a rule knows whose a credential is, it
 * is reported by that rule.
 */
export function withClientConfigs(
  detector: Detector,
  { without = [], threshold = 0.5 }: ClientConfigOptions = {},
): Detector {
  return {
    entities: detector.entities,
    scan: (text) => {
      const found = detector.scan(text);
      const inConfig = findInClientConfig(text);
      if (inConfig.length === 0) return found;
      const isKnown = createOverlapTest(found);
      const others = inConfig
        .filter((secret) => !without.includes(secret.rule.id) && secret.score >= threshold)
        .filter((secret) => !isKnown(secret))
        .map(({ start, end, rule, score }): Finding => ({
          start,
          end,
          rule: rule.id,
          entity: rule.entity,
          score,
        }));
      return [...found, ...others].sort((a, b) => a.start - b.start);
    },
  };
}
