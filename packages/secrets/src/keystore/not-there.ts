import { SecretError } from '../secret-error.ts';
import { keystoreReference } from './keystore-reference.ts';
import { nearestName } from './nearest-name.ts';

/** No file, when something was looked for in it. Without a name, nothing in particular was. */
export function noKeystore(file: string, name?: string): SecretError {
  const why = `there is no keystore ${file}; "${setCommand(file, name)}" makes one`;
  return new SecretError('not_configured', 'keystore', why);
}

/** A name that is not among those of a file. */
export function noEntry(file: string, name: string, known: Iterable<string>): SecretError {
  const meant = nearestName(name, known);
  const hint = meant === undefined ? `"${setCommand(file, name)}" stores it` : `did you mean "${meant}"?`;
  return new SecretError('not_found', keystoreReference(name), `is not in ${file}; ${hint}`);
}

function setCommand(file: string, name: string | undefined): string {
  return `sallyport secrets set ${name === undefined ? 'NAME' : shellWord(name)} --keystore ${shellWord(file)}`;
}

/** A command in a message is copied into a shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
