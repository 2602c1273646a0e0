import { type Rule, SECRET_RULES } from '@sallyport/detection';
import { expandExample, withCheck } from '../../../detection/test/secrets/expand-example.ts';

/** A text with a credential in it that was never issued, and the part that is the credential. */
export interface Sample {
  readonly rule: string;
  readonly text: string;
  readonly secret: string;
}

function sampleOf(rule: Rule, template: string): Sample {
  const marked = withCheck(rule.id, expandExample(template, rule.id));
  return {
    rule: rule.id,
    text: marked.replace('⟦', '').replace('⟧', ''),
    secret: marked.slice(marked.indexOf('⟦') + 1, marked.indexOf('⟧')),
  };
}

/** One for each rule. */
export const SAMPLES: readonly Sample[] = SECRET_RULES.map((rule) =>
  sampleOf(rule, rule.examples.ok[0] as string),
);

/** All examples of all rules. */
export const ALL_SAMPLES: readonly Sample[] = SECRET_RULES.flatMap((rule) =>
  rule.examples.ok.map((template) => sampleOf(rule, template)),
);

/** What no rule finds anything in. */
export function sampleCounterTexts(): readonly string[] {
  return SECRET_RULES.flatMap((rule) => rule.examples.ng.map((template) => expandExample(template, rule.id)));
}
