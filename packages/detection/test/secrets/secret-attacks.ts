import { type Rule, SECRET_RULES } from '../../src/index.ts';
import { expandExample, withCheck } from './expand-example.ts';

/** Texts made to cost much: what sets each rule off, and its first example, whole and cut short, again and again. */
export function secretAttacks(): readonly (readonly [string, string])[] {
  const units = new Map<string, string>();
  for (const unit of [
    'eyJ-',
    'eyJ.',
    'eyJhbGciOiJIUzI1NiJ9.',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----A ',
    '-----',
    'password=',
    'password:"',
    'token:',
    'a://a:a@',
    'https://a:',
    'https://a:b@',
    'mysql://:',
    'bearer a',
    'basic basic ',
    'sk-',
    'sk-sk_',
    '=',
    '"',
    '\\"',
    '--token ',
    'auth: ',
    'AA',
    ':AA',
    '1:AA',
  ]) {
    units.set(`unit ${unit}`, unit);
  }
  for (const rule of SECRET_RULES) {
    const marked = withCheck(rule.id, expandExample(rule.examples.ok[0] ?? '', rule.id));
    const value = marked.slice(marked.indexOf('⟦') + 1, marked.indexOf('⟧'));
    units.set(`${rule.id}: example`, marked.replaceAll(/[⟦⟧]/g, ''));
    units.set(`${rule.id}: value`, value);
    units.set(`${rule.id}: half`, value.slice(0, value.length >> 1));
    units.set(`${rule.id}: all but the last, space`, `${value.slice(0, -1)} `);
    for (const word of wordsOf(rule)) {
      units.set(`${rule.id}: ${word}`, word);
      units.set(`${rule.id}: ${word}, assigned`, `${word}=`);
    }
  }
  return [...units].filter(([, unit]) => unit !== '');
}

function wordsOf(rule: Rule): readonly string[] {
  return rule.forms.flatMap((form) => (form.on === 'word' ? form.words.slice(0, 2) : []));
}
