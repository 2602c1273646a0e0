import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReference } from '../../src/reference.ts';
import { SecretError } from '../../src/secret-error.ts';
import { MAX_SECRET_BYTES, type Resolved, type SecretProvider } from '../../src/secret-provider.ts';

/** One provider with something behind it that the suite can write to. */
export interface ProviderRig {
  readonly provider: SecretProvider;
  /** Stores a value under a name of lower case letters, and gives the reference to it. */
  put(name: string, value: string): Promise<string>;
  /** Stores bytes. Left out where nothing but text can be stored. */
  putBytes?(name: string, bytes: Buffer): Promise<string>;
  /** Takes what was put away. */
  remove(name: string): Promise<void>;
  /** A reference to something that was never there. */
  readonly missing: string;
  /** A reference to a field or member that is not there in something that is. Left out where there are no fields. */
  missingField?(): Promise<string>;
  /** Whether the store takes values of more than `MAX_SECRET_BYTES`. */
  readonly takesTooLarge: boolean;
  /** Whether the store takes an empty value. */
  readonly takesEmpty: boolean;
  /** Makes everything behind the provider hang until the rig is closed. Left out where nothing can hang. */
  hang?(): void;
  close(): Promise<void>;
}

const VALUES = [
  'hunter2',
  'p4ss"wörd\\ with $pecials: é 漢字 🔑',
  'two\nlines',
  ' spaces around ',
  '{"not":"a field"}',
  '=',
];

/** What holds for every provider. */
export function secretProviderContract(name: string, open: () => Promise<ProviderRig>): void {
  describe(`${name}, as a secret provider`, () => {
    let rig: ProviderRig;
    const resolve = (reference: string, signal = new AbortController().signal): Promise<Resolved> =>
      rig.provider.resolve(parseReference(reference), { signal });
    const failure = async (reference: string, signal?: AbortSignal): Promise<SecretError> => {
      const error: unknown = await resolve(reference, signal).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(SecretError);
      return error as SecretError;
    };

    beforeEach(async () => {
      rig = await open();
    });
    afterEach(async () => {
      await rig.provider.close();
      await rig.close();
    });

    it.each(VALUES.map((value, index) => [index, value] as const))(
      'gives value %i back unchanged',
      async (_, value) => {
        const reference = await rig.put('plain', value);
        expect((await resolve(reference)).value).toBe(value);
      },
    );

    it('says of what is not there that it is not there, naming the reference', async () => {
      const error = await failure(rig.missing);
      expect(error.code).toBe('not_found');
      expect(error.message).toContain(rig.missing);
    });

    it('says the same of a field that is not there', async () => {
      if (rig.missingField === undefined) return;
      const reference = await rig.missingField();
      const error = await failure(reference);
      expect(error.code).toBe('not_found');
      expect(error.message).toContain(reference);
    });

    it('sees a value that was changed, and one that was taken away', async () => {
      const reference = await rig.put('changing', 'first-value');
      expect((await resolve(reference)).value).toBe('first-value');
      await rig.put('changing', 'second-value');
      expect((await resolve(reference)).value).toBe('second-value');
      await rig.remove('changing');
      expect((await failure(reference)).code).toBe('not_found');
    });

    it('answers many at once', async () => {
      const reference = await rig.put('shared', 'for-everybody');
      const all = await Promise.all(Array.from({ length: 50 }, () => resolve(reference)));
      expect(new Set(all.map(({ value }) => value))).toEqual(new Set(['for-everybody']));
    });

    it('refuses an empty value, which is mostly a mistake', async () => {
      if (!rig.takesEmpty) return;
      expect((await failure(await rig.put('empty', ''))).code).toBe('invalid_value');
    });

    it('refuses a value that is too large, and shows nothing of it', async () => {
      if (!rig.takesTooLarge) return;
      const error = await failure(await rig.put('large', 'L4rge'.repeat(MAX_SECRET_BYTES / 5 + 1)));
      expect(error.code).toBe('too_large');
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('L4rge');
    });

    it('gives bytes as base64 when asked to, and refuses them as text', async () => {
      if (rig.putBytes === undefined) return;
      const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x41]);
      const reference = await rig.putBytes('bytes', bytes);
      const error = await failure(reference);
      expect(error.code).toBe('invalid_value');
      expect(error.message).toContain('encoding=base64');
      const [path, field] = reference.split('#');
      const asBase64 = `${path}?encoding=base64${field === undefined ? '' : `#${field}`}`;
      expect((await resolve(asBase64)).value).toBe(bytes.toString('base64'));
    });

    it('ends with the signal when nothing answers', async () => {
      if (rig.hang === undefined) return;
      const reference = await rig.put('late', 'never-seen');
      rig.hang();
      const controller = new AbortController();
      const failed = failure(reference, controller.signal);
      setTimeout(() => controller.abort(), 30);
      expect((await failed).code).toBe('timeout');
    });

    it('gives nothing more once it is closed', async () => {
      const reference = await rig.put('closed', 'still-there');
      await rig.provider.close();
      expect((await failure(reference)).code).toBe('closed');
    });
  });
}
