import type { ClassifyKey } from '../generic/key-class.ts';
import { labelVerdict } from '../generic/label-verdict.ts';
import { isNameLike, isOver89 } from '../value-shape.ts';
import { VERDICT } from '../verdicts.ts';
import { isOpaque } from './is-opaque.ts';

type Container = Readonly<Record<string, unknown>>;

const LONGEST_QUESTION = 160;
const MOST_ANSWERS = 8;

/** What an item of a QuestionnaireResponse asks for, by its text, or its linkId where it has none. */
export function questionVerdict(item: Container, answers: unknown, classify: ClassifyKey): number {
  const text = item['text'] ?? item['linkId'];
  if (typeof text !== 'string' || text.length > LONGEST_QUESTION) return VERDICT.text;
  const question = text.replace(/[\s?:*.]{1,8}$/, '');
  const values = valuesOf(answers);
  const { look } = classify(question);
  if (look === 'age') return values.some(isOver89) ? VERDICT['age-over-89'] : VERDICT.text;
  if (look === 'name') return isNameLike(values[0]) ? VERDICT.person : VERDICT.text;
  return labelVerdict(question, item, values[0], classify);
}

/** Of the value of one answer, where the question said what is asked for. */
export function answerVerdict(key: string, value: unknown, asked: number): number {
  if (asked === VERDICT['age-over-89'])
    return key === 'valueQuantity' || isOver89(value) ? asked : unlabelledVerdict(key, value);
  return asked > VERDICT.keep && key !== 'valueQuantity' ? asked : unlabelledVerdict(key, value);
}

/** Of the value of a Parameters.parameter, by its name. */
export function parameterVerdict(
  parameter: Container,
  key: string,
  value: unknown,
  classify: ClassifyKey,
): number {
  const { name } = parameter;
  const verdict = typeof name === 'string' ? labelVerdict(name, parameter, value, classify) : VERDICT.text;
  return verdict > VERDICT.keep ? verdict : unlabelledVerdict(key, value);
}

/** What the type of a value says of it. */
function unlabelledVerdict(key: string, value: unknown): number {
  switch (key) {
    case 'valueDate':
    case 'valueDateTime':
      return VERDICT['fhir-date'];
    case 'valueString':
    case 'valueMarkdown':
      return VERDICT.text;
    case 'valueUri':
      return isOpaque(value) ? VERDICT.keep : VERDICT.text;
    default:
      return VERDICT.keep;
  }
}

function valuesOf(answers: unknown): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(answers) ? answers.slice(0, MOST_ANSWERS) : [answers];
  return list.flatMap(valueOf);
}

function valueOf(answer: unknown): readonly unknown[] {
  if (typeof answer !== 'object' || answer === null) return [answer];
  for (const [key, value] of Object.entries(answer)) {
    if (!key.startsWith('value')) continue;
    if (typeof value !== 'object' || value === null) return [value];
    return Object.hasOwn(value, 'value') ? [(value as { readonly value: unknown }).value] : [];
  }
  return [];
}
