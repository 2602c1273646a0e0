import type { Form, Next, Rule } from '../src/index.ts';
import { expandExample, withCheck } from './secrets/expand-example.ts';

/** A text made to cost much is this unit, repeated. */
export interface Attack {
  readonly name: string;
  readonly unit: string;
}

const UNITS: readonly string[] = [
  '1',
  '1 ',
  '1-',
  '1.',
  '1/',
  '1:',
  '(1',
  '+1',
  '1a',
  'a1',
  '12',
  '1,',
  '@',
  'a@',
  'a@a.',
  '@a.a',
  '.',
  '-',
  '::',
  ':/',
  'http://',
  'http://a',
  'www.a.b',
  'a@b.c',
  '1 A ',
  '1 Aa ',
  '12:',
  'f:',
  'f::',
  '::1 ',
  'DE44 ',
  '1234-',
  '123-45-',
  'GB69PMNJ1891394343074',
  '\u00ad1',
  '\uff11',
  '\ud835\udfce',
  '\u00e9',
  '\u4e2d',
  '2020-01-',
  'May 1 ',
  '1 May ',
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ',
  '4111 1111 1111 1112 ',
  'Aa Aa Hospital ',
  `secret=${'x'.repeat(60)}2154317 `,
  `password: ${'abcdefgh'.repeat(8)}12345\n`,
];

/** What stands between two of the same, and what it does: it ends them, joins them, or begins the next. */
const BETWEEN: readonly string[] = ['', ' ', '-', ': '];

const AFTER: Readonly<Record<Next, string>> = {
  end: ' ',
  '-': '-1',
  '-a': '-a',
  '.': '.1.',
  '.0': '.1',
  '/': '/1',
  ' ': ' 1',
  ' a': ' a',
  ':': ':1',
  ')': ')',
  ',': ',1',
};

/** Texts that no rule in particular has to do with. */
export function commonAttacks(): readonly Attack[] {
  return UNITS.map((unit) => ({ name: JSON.stringify(unit), unit }));
}

/**
 * The texts that a rule is attacked with, made from its data alone, so that a new rule is attacked without anybody
 * thinking of it: its triggers, its context words, its examples, what is nearly one of them, and these over one another.
 */
export function attacksOn(rule: Rule): readonly Attack[] {
  const units = new Map<string, string>();
  const add = (name: string, unit: string): void => {
    if (unit !== '') units.set(name, unit);
  };
  const filled = (texts: readonly string[]): readonly string[] =>
    texts.slice(0, 2).map((text) => withCheck(rule.id, expandExample(text, rule.id)));
  const [ok, ng] = [filled(rule.examples.ok), filled(rule.examples.ng)];
  const values = ok.map((text) => text.slice(text.indexOf('⟦') + 1, text.indexOf('⟧')));
  const value = values[0] ?? '';
  for (const [at, form] of rule.forms.entries()) {
    for (const trigger of triggersOf(form)) {
      for (const between of ['', ' ']) add(`form ${at}, ${trigger}${between}`, trigger + between);
      add(`form ${at}, ${trigger} and a value`, `${trigger} ${value} `);
    }
  }
  const context = rule.before?.[0] ?? '';
  for (const word of [...(rule.before?.slice(0, 2) ?? []), ...(rule.unless?.slice(0, 1) ?? [])]) {
    add(`context ${word}`, `${word} `);
    add(`context ${word}, number`, `${word} 1`);
    add(`context ${word}, example`, `${word} ${value}`);
  }
  for (const [at, text] of [...ok, ...ng].entries()) {
    add(`text ${at}`, text.replaceAll(/[⟦⟧]/g, ''));
  }
  for (const [at, own] of values.entries()) {
    for (const between of BETWEEN) add(`value ${at}${between}`, own + between);
    add(`value ${at}, but the last`, own.slice(0, -1));
    add(`value ${at}, but the last, and a space`, `${own.slice(0, -1)} `);
    add(`value ${at}, but the first`, own.slice(1));
    add(`value ${at}, half`, own.slice(0, own.length >> 1));
    add(`value ${at}, another last`, `${context} ${own.slice(0, -1)}${own.endsWith('7') ? '8' : '7'} `);
    add(`value ${at} over itself`, own + own.slice(own.length >> 1));
    add(`value ${at} over the next`, own.slice(0, -2) + (values[(at + 1) % values.length] ?? ''));
  }
  return [...units].map(([name, unit]) => ({ name: `${rule.id}: ${name}`, unit }));
}

function triggersOf(form: Form): readonly string[] {
  switch (form.on) {
    case 'number': {
      const lead = form.lead ?? '';
      return form.next.flatMap((next) =>
        form.digits.map((digits) => lead + '9'.repeat(digits) + AFTER[next]),
      );
    }
    case 'token':
      return (form.next ?? (['end'] as const)).flatMap((next) =>
        form.length.map((length) => 'a1'.repeat(length).slice(0, length) + AFTER[next]),
      );
    case 'word':
      return [...form.words.slice(0, 2), ...form.words.slice(-1)].flatMap((word) => [word, `${word}: 1`]);
    case 'at':
      return ['a@', 'a@b', 'a@b.c-'];
    case 'scheme':
      return ['a:/', 'https://', 'https://a.b/'];
    case 'colon':
      return ['1:', 'a::1', '1::'];
  }
}
