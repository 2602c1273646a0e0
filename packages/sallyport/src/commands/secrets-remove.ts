import { print, style } from '../terminal.ts';
import { type KeystoreChoice, withKeystore } from '../with-keystore.ts';

/** Takes a secret away, with every version. Returns the exit code. */
export function secretsRemove(options: KeystoreChoice & { readonly name: string }): Promise<number> {
  return withKeystore(options, {}, async (keystore) => {
    await keystore.remove(options.name);
    print(`${style.green('Removed')} ${options.name} and every version of it from ${options.keystore}.`);
    return 0;
  });
}
