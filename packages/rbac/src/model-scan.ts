import type { Problem } from './problem.ts';

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ScannedModel {
  readonly problems: readonly Problem[];
  /** Where a section's definition stands. */
  at(section: string): Position;
  /** The line that an error of casbin's names; casbin does not count empty lines. */
  lineOf(message: string): number;
}

const KEYS: Readonly<Record<string, string>> = {
  request_definition: 'r',
  policy_definition: 'p',
  role_definition: 'g',
  policy_effect: 'e',
  matchers: 'm',
};

/** Finds in a model file what casbin passes over in silence: misspelt sections, second definitions. */
export function scanModel(file: string, text: string): ScannedModel {
  const problems: Problem[] = [];
  const positions = new Map<string, Position>();
  const counted: number[] = [];
  let section = '';
  let continued = false;
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw !== '') counted.push(index + 1);
    const line = raw.replace(/[#;].*$/s, '');
    const content = line.trim();
    if (content === '') continue;
    const position = { line: index + 1, column: line.length - line.trimStart().length + 1 };
    const wasContinued = continued;
    continued = content.endsWith('\\');
    if (content.startsWith('[') && content.endsWith(']')) {
      section = content.slice(1, -1);
      if (!Object.hasOwn(KEYS, section)) {
        const message = `Casbin ignores this section; write one of ${Object.keys(KEYS).join(', ')}.`;
        problems.push({ file, ...position, message });
      }
    } else if (!wasContinued) {
      const key = content.split('=', 1)[0]?.trim() ?? '';
      if (Object.hasOwn(KEYS, section) && key !== KEYS[section]) {
        const message = `Only ${KEYS[section] ?? ''} is used in this section; write ${KEYS[section] ?? ''} = ...`;
        problems.push({ file, ...position, message });
      } else if (positions.has(section)) {
        problems.push({
          file,
          ...position,
          message: 'This is defined twice, and the last would win; write it once.',
        });
      }
      positions.set(section, position);
    }
  }
  return {
    problems,
    at: (name) => positions.get(name) ?? { line: 1, column: 1 },
    lineOf: (message) => counted[Number(/line (\d+)/.exec(message)?.[1] ?? 1) - 1] ?? 1,
  };
}
