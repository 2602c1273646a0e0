import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Field, isBlank, readLine } from '../src/csv.ts';
import { problemsOf, rbacOf, decide } from './support.ts';

const ANY_MODEL = newModelFromString(`
[request_definition]
r = sub
[policy_definition]
p = a, b, c, d, e, f
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.a
`);

/** What casbin makes of a text: the fields of its `p` lines, by the reader it ships. */
async function casbinReads(text: string): Promise<readonly string[][]> {
  const enforcer = await newEnforcer(ANY_MODEL, new StringAdapter(text));
  return enforcer.getPolicy();
}

function weRead(text: string): readonly (readonly string[])[] | 'refused' {
  const rules: (readonly string[])[] = [];
  for (const line of text.split('\n')) {
    const raw = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (isBlank(raw)) continue;
    const fields = readLine(raw);
    if ('message' in fields) return 'refused';
    const [type, ...rest] = fields.map(({ value }) => value);
    if (type === 'p') rules.push(rest);
  }
  return rules;
}

const fieldsOf = (line: string): readonly Field[] => {
  const fields = readLine(line);
  if ('message' in fields) throw new Error(fields.message);
  return fields;
};

describe('CSV', () => {
  it('gives each field its value, and the place where it begins', () => {
    expect(fieldsOf('p,  role:a , "args.n in [1, 2]",,"say ""no"" once"')).toEqual([
      { value: 'p', offset: 0 },
      { value: 'role:a', offset: 4 },
      { value: 'args.n in [1, 2]', offset: 14 },
      { value: '', offset: 32 },
      { value: 'say "no" once', offset: 34 },
    ]);
  });

  it('reads lines that end in CRLF, a byte order mark, comments and empty lines', () => {
    const rbac = rbacOf('\ufeff# who may what\r\n\r\n  # more\r\np, role:clinician, ehr, tool:get, call\r\n');
    expect(decide(rbac, 'tool:get').at).toBe('rbac_policy.csv:4');
  });

  it.each([
    ['a quote that is never closed', 'p, role:a, ehr, "tool:x, call'],
    ['text after a closing quote', 'p, role:a, ehr, "tool:x"y, call'],
    ['a control character', 'p, role:a, ehr, tool:\u0000x, call'],
    [
      'a carriage return inside a line, after which casbin stops reading',
      'p, role:a, ehr\rdeny, tool:x, call',
    ],
    ['parentheses by which casbin would glue fields together', 'p, role:a, ehr, tool:(x, tool:y), call'],
    ['quotes that casbin would strip a second time', 'p, role:a, ehr, tool:x, call, """yes"""'],
    ['doubled quotes that casbin would halve', 'p, role:a, ehr, tool:x, call, "args.a == """""'],
    ['a comment behind a rule', 'p, role:a, ehr, tool:x, call, , allow # for now'],
  ])('refuses %s', (_, line) => {
    expect(problemsOf(line)).toHaveLength(1);
  });

  it('reads what casbin reads, whatever it accepts', async () => {
    const piece = fc.constantFrom(
      'p',
      ',',
      ', ',
      ' ',
      '"',
      '""',
      '(',
      ')',
      '#',
      '\\',
      '\t',
      "'",
      'a',
      'role:x',
      '*',
      '\u00a0',
      'é',
      '\r',
      '🔒',
      '[1',
      '= "b"',
    );
    const field = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('')),
      fc.string({ maxLength: 8 }).map((text) => `"${text.replaceAll('"', '""')}"`),
    );
    const line = fc.oneof(
      fc.array(field, { maxLength: 6 }).map((fields) => ['p', ...fields].join(',')),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.array(field, { minLength: 1, maxLength: 6 }).map((fields) => ['"p"', ...fields].join(' , ')),
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('\n', '\r\n'),
        async (lines, end) => {
          const text = lines.join(end);
          const ours = weRead(text);
          if (ours === 'refused') return;
          accepted += 1;
          expect(ours).toEqual(text === '' ? [] : await casbinReads(text));
        },
      ),
      { numRuns: 5000, seed: 11 },
    );
    expect(accepted).toBeGreaterThan(1500);
  });
});
