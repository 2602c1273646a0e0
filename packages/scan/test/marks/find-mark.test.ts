import { describe, expect, it } from 'vitest';
import { findMark } from '../../src/marks/find-mark.ts';

/** What is between the brackets is the credential. */
function markOf(marked: string, rule = 'github-pat', lineBefore?: string): ReturnType<typeof findMark> {
  const start = marked.indexOf('⟦');
  const lineText = marked.replace('⟦', '').replace('⟧', '');
  const place = { rule, lineText, start, end: marked.indexOf('⟧') - 1 };
  return findMark(lineBefore === undefined ? place : { ...place, lineBefore });
}

// Written so that no line of this file holds a mark.
const OWN = ['sallyport', 'allow'].join(':');
const NEXT = `${OWN}-next-line`;
const GITLEAKS = ['gitleaks', 'allow'].join(':');
const PRAGMA = ['pragma', ' allowlist'].join(':');

describe('our own mark', () => {
  it('covers the rules that it names, and says why', () => {
    const found = { kind: 'sallyport', reason: 'a key of the test server' };
    expect(markOf(`KEY=⟦abc⟧ # ${OWN} github-pat a key of the test server`)).toEqual(found);
    expect(markOf(`"k": "⟦abc⟧", /* ${OWN} npm-token,github-pat a key of the test server */`)).toEqual(found);
    expect(markOf(`<k>⟦abc⟧</k> <!-- ${OWN} * a key of the test server -->`)).toEqual(found);
  });

  it('leaves another credential on the same line alone', () => {
    expect(markOf(`KEY=⟦abc⟧ # ${OWN} npm-token a key of the test server`)).toBeUndefined();
    expect(markOf(`KEY=⟦abc⟧ # ${OWN} github-pat-2 a key`)).toBeUndefined();
  });

  it('covers nothing where it names no rule', () => {
    expect(markOf(`KEY=⟦abc⟧ # ${OWN}`)).toBeUndefined();
    expect(markOf(`KEY=⟦abc⟧ # ${OWN} *.pem files`)).toBeUndefined();
  });

  it('without a reason still covers, and tells that it says none', () => {
    expect(markOf(`KEY=⟦abc⟧ # ${OWN} github-pat`)).toEqual({ kind: 'sallyport' });
    expect(markOf(`KEY=⟦abc⟧ /* ${OWN} github-pat */`)).toEqual({ kind: 'sallyport' });
  });

  it('for the next line stands on the line before, and on no other', () => {
    const reason = { kind: 'sallyport', reason: 'too long a line' };
    expect(markOf('KEY=⟦abc⟧', 'github-pat', `# ${NEXT} github-pat too long a line`)).toEqual(reason);
    expect(markOf(`KEY=⟦abc⟧ # ${NEXT} github-pat too long a line`)).toBeUndefined();
    expect(markOf('KEY=⟦abc⟧', 'github-pat', `# ${OWN} github-pat of that line`)).toBeUndefined();
  });

  it('inside a credential is none', () => {
    expect(markOf(`KEY="⟦abc ${OWN} * because⟧"`)).toBeUndefined();
    expect(markOf(`KEY="⟦abc ${GITLEAKS}⟧"`)).toBeUndefined();
  });
});

describe('the marks of others', () => {
  it('are honoured for whatever stands on their line', () => {
    expect(markOf(`KEY=⟦abc⟧ #${GITLEAKS}`)).toEqual({ kind: 'gitleaks' });
    expect(markOf(`KEY=⟦abc⟧ # ${PRAGMA} secret`)).toEqual({ kind: 'detect-secrets' });
    expect(markOf(`KEY=⟦abc⟧ // ${PRAGMA}-secret`)).toEqual({ kind: 'detect-secrets' });
    expect(markOf('KEY=⟦abc⟧', 'x', `# ${PRAGMA} nextline secret`)).toEqual({ kind: 'detect-secrets' });
  });

  it('are not looked for on other lines', () => {
    expect(markOf('KEY=⟦abc⟧', 'x', `# ${GITLEAKS}`)).toBeUndefined();
    expect(markOf('KEY=⟦abc⟧', 'x', `# ${PRAGMA} secret`)).toBeUndefined();
    expect(markOf(`KEY=⟦abc⟧ # ${PRAGMA} nextline secret`)).toBeUndefined();
  });
});

it('a line of nothing but marks takes no longer than its length', () => {
  const line = `${`${OWN} npm-token `.repeat(500)}KEY=⟦abc⟧`;
  expect(markOf(line)).toBeUndefined();
});
