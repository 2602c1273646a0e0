import { RULES, type Form, type Rule } from '../src/index.ts';

/** Texts made to cost much: each trigger, lead and example, whole and cut short, repeated with little between. */
export function attacks(): readonly (readonly [string, string])[] {
  const units = new Map<string, string>();
  for (const unit of [
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
    '@',
    'a@',
    'a@a.',
    '@a.a',
    '.',
    '-',
    '::',
    ':/',
    '1,',
  ]) {
    units.set(`unit ${unit}`, unit);
  }
  for (const unit of [
    'http://',
    'http://a',
    'www.a.b',
    'a@b.c',
    '1 A ',
    '1 Aa ',
    '12:',
    'f:',
    'f::',
    'DE44 ',
    'GB69PMNJ1891394343074',
    '\u00ad1',
    '\uff11',
    '\ud835\udfce',
  ]) {
    units.set(`unit ${unit}`, unit);
  }
  for (const unit of [
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ',
    '4111 1111 1111 1112 ',
    '1234-',
    '123-45-',
    '2020-01-',
    'May 1 ',
    '1 May ',
    'Aa Aa Hospital ',
  ]) {
    units.set(`unit ${unit}`, unit);
  }
  for (const rule of RULES) {
    const marked = rule.examples.ok[0] ?? '';
    const text = marked.replace(/[⟦⟧]/g, '');
    const value = marked.slice(marked.indexOf('⟦') + 1, marked.indexOf('⟧'));
    units.set(`${rule.id}: example`, text);
    units.set(`${rule.id}: value`, value);
    units.set(`${rule.id}: value and space`, `${value} `);
    units.set(`${rule.id}: all but the last`, value.slice(0, -1));
    units.set(`${rule.id}: all but the last, space`, `${value.slice(0, -1)} `);
    units.set(`${rule.id}: half`, value.slice(0, value.length >> 1));
    units.set(`${rule.id}: word`, `${rule.before?.[0] ?? ''} 1`);
    for (const word of wordsOf(rule)) units.set(`${rule.id}: ${word}`, `${word} `);
  }
  return [...units].filter(([, unit]) => unit !== '');
}

function wordsOf(rule: Rule): readonly string[] {
  return rule.forms.flatMap((form: Form) => (form.on === 'word' ? form.words.slice(0, 2) : []));
}
