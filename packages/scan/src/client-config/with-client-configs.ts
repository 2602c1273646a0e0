import type { Detector, Finding } from '@sallyport/detection';
import { CLIENT_CONFIG_RULES } from './client-config-rules.ts';
import { findInClientConfig } from './find-in-client-config.ts';

/** Whether a rule is one of this package, which no detector knows. */
export function isClientConfigRule(id: string): boolean {
  return Object.values(CLIENT_CONFIG_RULES).some((rule) => rule.id === id);
}

/**
 * A detector that finds the literal credentials in configs of MCP clients, too. Where a rule knows whose a credential is, it
 * is reported by that rule.
 *
 * @param without ids of rules to leave out; those of others are for the detector. Default: none
 */
export function withClientConfigs(detector: Detector, without: readonly string[] = []): Detector {
  return {
    entities: detector.entities,
    scan: (text) => {
      const found = detector.scan(text);
      const others = findInClientConfig(text)
        .filter(({ rule }) => !without.includes(rule.id))
        .filter(({ start, end }) => !found.some((finding) => finding.start < end && start < finding.end))
        .map(({ start, end, rule, score }): Finding => ({
          start,
          end,
          rule: rule.id,
          entity: rule.entity,
          score,
        }));
      return others.length === 0 ? found : [...found, ...others].sort((a, b) => a.start - b.start);
    },
  };
}
