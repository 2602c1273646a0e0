import { describe, expect, it } from 'vitest';
import { readScanAllow, type ScanAllow } from '../../src/allow/scan-allow.ts';

const place = { path: 'test/fixtures/a.env', rule: 'github-pat', secret: 'ghp_of-a-test' };
const reason = 'made up for a test';

function allows(entry: Omit<ScanAllow, 'reason'>, over: Partial<typeof place> = {}): boolean {
  return readScanAllow([{ reason, ...entry }]).allows({ ...place, ...over }) !== undefined;
}

describe('an allow list', () => {
  it('allows by paths as a .gitignore names them', () => {
    expect(allows({ paths: ['fixtures/'] })).toBe(true);
    expect(allows({ paths: ['*.env', '!a.env'] })).toBe(false);
    expect(allows({ paths: ['/fixtures'] })).toBe(false);
    expect(allows({ paths: ['test/**/*.env'] }, { path: 'test/a/b/c.env' })).toBe(true);
  });

  it('allows by rule, and by a pattern that matches the whole credential', () => {
    expect(allows({ rules: ['npm-token', 'github-pat'] })).toBe(true);
    expect(allows({ rules: ['npm-token'] })).toBe(false);
    expect(allows({ pattern: 'ghp_[a-z-]{1,64}' })).toBe(true);
    expect(allows({ pattern: 'ghp_' })).toBe(false);
  });

  it('wants every condition to hold', () => {
    expect(allows({ paths: ['test/'], rules: ['github-pat'], pattern: 'ghp_[a-z-]{1,64}' })).toBe(true);
    expect(allows({ paths: ['src/'], rules: ['github-pat'] })).toBe(false);
    expect(allows({ paths: ['test/'], rules: ['npm-token'] })).toBe(false);
  });

  it('lets a file go unread only where nothing but its path counts, and says by which entry', () => {
    const list = readScanAllow([
      { reason, paths: ['test/'], rules: ['github-pat'] },
      { reason, paths: ['test/fixtures/'] },
    ]);
    expect(list.skips('test/fixtures/a.env')).toBe(1);
    expect(list.skips('test/b.env')).toBeUndefined();
    expect(list.allows(place)).toBe(0);
  });

  it('is about no path that leads out of the root', () => {
    expect(allows({ paths: ['*'] }, { path: '../a.env' })).toBe(false);
    expect(allows({ paths: ['*'] }, { path: '' })).toBe(false);
  });
});

describe('an allow list that cannot be used', () => {
  it.each([
    [{}, /needs a reason/],
    [{ reason: ' ' }, /needs a reason/],
    [{ reason }, /would allow everything/],
    [{ reason, paths: [] }, /paths has to be a list/],
    [{ reason, paths: 'x' }, /paths has to be a list/],
    [{ reason, rules: [''] }, /rules has to be a list/],
    [{ reason, rules: ['nothing'] }, /names a rule "nothing" that there is not/],
    [{ reason, pattern: '(a+)+$' }, /pattern/i],
    [{ reason, pattern: '(' }, /pattern/i],
    [{ reason, path: 'x' }, /knows no "path"; write reason, paths, rules, pattern/],
  ])('says what to write instead of %j', (entry, message) => {
    expect(() => readScanAllow([entry as ScanAllow], new Set(['github-pat']))).toThrow(message);
  });
});
