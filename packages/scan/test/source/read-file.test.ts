import { expect, test } from 'vitest';
import { problemOf } from '../../src/source/read-file.ts';

test('an error of the file system becomes a problem that says what to do with it, and nothing of its text', () => {
  const errorOf = (code: string): Error => Object.assign(new Error('open /home/ann/secret'), { code });
  const reasons = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EIO'].map((code) => {
    const { why, message } = problemOf(errorOf(code));
    expect(message).not.toContain('/home');
    return why;
  });
  expect(reasons).toEqual(['vanished', 'vanished', 'unreadable', 'unreadable', 'symlink', 'unreadable']);
  expect(problemOf('nothing known').why).toBe('unreadable');
});
