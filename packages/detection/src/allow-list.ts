import type { EntityName } from './entity.ts';
import { checkPattern } from './user-rule.ts';

/** A value that is not a finding. */
export type AllowEntry = {
  /** Only for this entity. Default: for all. */
  readonly entity?: EntityName;
} & (
  | {
      /** The whole value; case does not count. */
      readonly value: string;
    }
  | {
      /** A regular expression of the linear subset that has to match the whole value. */
      readonly pattern: string;
    }
);

/** Whether a value of an entity is allowed. */
export type AllowList = (entity: string, value: string) => boolean;

/** @throws TypeError that says what to write instead */
export function readAllowList(entries: readonly AllowEntry[]): AllowList | undefined {
  if (entries.length === 0) return undefined;
  const values = new Set<string>();
  const patterns: { readonly entity: string | undefined; readonly regex: RegExp }[] = [];
  for (const [index, entry] of entries.entries()) {
    if ('value' in entry && typeof entry.value === 'string' && entry.value !== '') {
      values.add(`${entry.entity ?? ''} ${entry.value.toLowerCase()}`);
    } else if ('pattern' in entry && typeof entry.pattern === 'string') {
      const checked = checkPattern(entry.pattern);
      if (!checked.usable) throw new TypeError(`allow[${index}]: ${checked.reason}`);
      patterns.push({ entity: entry.entity, regex: new RegExp(`^(?:${entry.pattern})$`) });
    } else
      throw new TypeError(
        `allow[${index}] has to hold a value or a pattern, such as { value: 'help@example.com' }.`,
      );
  }
  return (entity, value) => {
    const lower = value.toLowerCase();
    if (values.has(` ${lower}`) || values.has(`${entity} ${lower}`)) return true;
    return patterns.some((item) => (item.entity ?? entity) === entity && item.regex.test(value));
  };
}
