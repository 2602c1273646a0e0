import { isUtf8 } from 'node:buffer';
import { Keystore } from '@sallyport/secrets';
import { complain } from '../complain.ts';
import { print } from '../terminal.ts';
import { type KeystoreChoice, withKeystore } from '../with-keystore.ts';
import { inSeconds } from './secrets-list.ts';

export interface GetOptions extends KeystoreChoice {
  readonly name: string;
  /** Default: the newest. */
  readonly version?: number;
  /** Print the value. */
  readonly reveal?: boolean;
  /** Print it as base64 of its bytes. */
  readonly base64?: boolean;
}

/** Prints what is known of a secret, or its value when told to. Returns the exit code. */
export function secretsGet(options: GetOptions): Promise<number> {
  const { name, version, reveal = false, base64 = false } = options;
  return withKeystore(options, {}, async (keystore) => {
    const secret = await keystore.get(name, version);
    if (reveal) return printValue(secret.reveal(), base64);
    const entry = (await keystore.list()).find((one) => one.name === name);
    const versions = entry?.versions.join(', ') ?? '';
    print(`name       ${name}`);
    print(`version    ${secret.version} (kept: ${versions})`);
    print(`created    ${inSeconds(entry?.created ?? secret.changed)}`);
    print(`changed    ${inSeconds(secret.changed)}`);
    print(`reference  ${Keystore.referenceTo(name)}${version === undefined ? '' : `?version=${version}`}`);
    complain('the value is not shown; add --reveal to print it');
    return 0;
  });
}

/** To a file or a program it goes as it is; on a terminal a line break follows. */
function printValue(value: Buffer, base64: boolean): number {
  const end = process.stdout.isTTY ? '\n' : '';
  if (base64) process.stdout.write(value.toString('base64') + end);
  else if (process.stdout.isTTY && !isUtf8(value)) {
    complain('the value is no text; add --base64, or send it to a file with > file');
    return 2;
  } else {
    process.stdout.write(value);
    process.stdout.write(end);
  }
  return 0;
}
