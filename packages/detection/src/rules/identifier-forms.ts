import type { Form, Matcher } from '../rule.ts';

const REACH = 80;

/** What stands behind a label: tried near a context word only. */
export function identifierForms(find: Matcher): readonly Form[] {
  return [
    { on: 'number', digits: [5, 17], next: ['end', ' ', ')'], joined: true, find, reach: REACH },
    { on: 'token', length: [3, 24], joined: true, find, reach: REACH },
  ];
}

/** The same, also where the first group is a short number: `12-34567`, `287256/75`. */
export function groupedForms(find: Matcher): readonly Form[] {
  return [
    ...identifierForms(find),
    { on: 'number', digits: [2, 8], next: ['-', '-a'], joined: true, find, reach: REACH },
    { on: 'number', digits: [5, 8], next: ['/'], find, reach: REACH },
  ];
}
