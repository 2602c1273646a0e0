import {
  copyFileSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RevealedSecrets } from '@sallyport/core';
import { structuredPatch } from 'diff';
import {
  isCredential,
  isStart,
  type PlainValue,
  plainValues,
  sameConfig,
  unwrapConfig,
  wrapConfig,
  type WrapResult,
} from '../client-config.ts';
import { complain } from '../complain.ts';
import { print, style } from '../terminal.ts';

export interface WrapOptions {
  readonly file: string;
  readonly policy: string;
  /** Default: the program that runs now, or npx where that came from npx. */
  readonly via?: string;
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly undo?: boolean;
}

/** Rewrites a client's config file. Returns the exit code: 0 done, 1 a server is left unguarded, 2 not possible. */
export async function wrap(options: WrapOptions): Promise<number> {
  const { file, undo = false, dryRun = false } = options;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    complain(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}); name the config file of an MCP client`,
    );
    return 2;
  }
  if (!undo && !existsSync(options.policy)) {
    complain(
      `${options.policy} is not there, and without a policy nothing is permitted; write one with "sallyport init"`,
    );
    return 2;
  }
  const result = undo
    ? unwrapConfig(text)
    : wrapConfig(text, {
        policy: resolve(options.policy),
        via: options.via?.split(/\s+/) ?? howStarted(),
        only: options.only,
      });
  if ('problem' in result) {
    complain(`${file}: ${result.problem}`);
    return 2;
  }
  const after = undo ? asBefore(file, result.text) : result.text;
  for (const name of options.only ?? []) {
    if ([...result.changed, ...result.left.map(({ server }) => server)].includes(name)) continue;
    complain(`${file} has no server "${plain(name)}"; --only takes a name that stands there`);
    return 2;
  }
  report(file, text, { ...result, text: after }, options);
  if (after !== text && !dryRun) replace(file, after, undo);
  return result.left.some(({ unguarded }) => unguarded) ? 1 : 0;
}

/** The program that runs now; a copy that npx fetched may be gone tomorrow, and so npx is named instead. */
function howStarted(): string[] {
  const program = realpathSync(process.argv[1] ?? '');
  if (program.includes('/_npx/')) return ['npx', '-y', 'sallyport'];
  // Where something else started it, such as `pnpm sallyport`: the program that this module is a part of.
  return isStart(`node ${program}`)
    ? ['node', program]
    : ['node', fileURLToPath(new URL('./cli.js', import.meta.url))];
}

/** The backup word for word, when undoing leads back to it; otherwise what was edited since stays. */
function asBefore(file: string, undone: string): string {
  const backup = backupOf(file);
  if (!existsSync(backup)) return undone;
  const before = readFileSync(backup, 'utf8');
  return sameConfig(before, undone) ? before : undone;
}

function backupOf(file: string): string {
  return `${file}.before-sallyport`;
}

function report(
  file: string,
  before: string,
  { text, changed, left }: Exclude<WrapResult, { problem: string }>,
  { policy, dryRun = false, undo = false }: WrapOptions,
): void {
  // The lines around a change may hold the credentials of a server.
  const values = plainValues(before);
  const credentials = new RevealedSecrets();
  for (const one of values) if (one.place !== 'args' || isCredential(one)) credentials.add(one.value);
  const patch = structuredPatch(file, file, before, text, '', '', { context: 2 });
  for (const { lines } of patch.hunks) {
    for (const line of lines.map((bare) => credentials.conceal(bare)))
      print(line.startsWith('+') ? style.green(line) : line.startsWith('-') ? style.red(line) : line);
  }
  for (const { server, why, unguarded } of left) {
    print((unguarded ? style.red : style.dim)(`${plain(server)}: left as it is, ${plain(why)}`));
  }
  const names = changed.map(plain).join(', ');
  if (names === '') print('Nothing to change.');
  else print(dryRun ? `Would change: ${names} (nothing was written)` : `Changed: ${names}`);
  if (undo || names === '') return;
  const plainly = values.filter((one) => changed.includes(one.server) && isCredential(one));
  for (const one of plainly)
    print(style.yellow(`${plain(one.server)}: the value of ${plain(one.name)} stands in this file.`));
  for (const line of plainly.length > 0 ? howToMove(plainly, resolve(policy)) : []) print(line);
  if (changed.length > 1) {
    print('One policy now decides for all of them, and refuses what it does not name; --only takes some.');
  }
}

/** How the credentials of a config get out of it. */
function howToMove(values: readonly PlainValue[], policy: string): string[] {
  const keystore = join(dirname(policy), 'sallyport.keystore');
  return [
    'To move them out:',
    ...values.flatMap(({ server, name, place }) => {
      if (place !== 'env')
        return [
          `  ${plain(name)}: see whether the server also reads it from a variable; then that goes as follows`,
        ];
      const stored = plain(`${server}-${name}`)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-');
      return [
        `  sallyport secrets set ${stored} --keystore ${keystore}`,
        `    and, instead of the value, "--env", "${plain(name)}=keystore:${stored}" before "--" in "args"`,
      ];
    }),
    '  The gateway then needs the passphrase: in SALLYPORT_KEYSTORE_PASSPHRASE, or where the policy says:',
    '    secrets: { providers: { keystore: { passphrase: file:///home/you/.sallyport-passphrase } } }',
    '  The backup still holds the values: delete it when all is well.',
  ];
}

/** Text from the file, without anything that could steer a terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}

/** Keeps the first backup: it is the file as it was before Sallyport, however often it is wrapped. */
function replace(file: string, text: string, undo: boolean): void {
  const backup = backupOf(file);
  if (!undo && !existsSync(backup)) copyFileSync(file, backup);
  // A link stays a link: what it leads to is replaced.
  const target = realpathSync(file);
  const fresh = `${target}.sallyport-new`;
  writeFileSync(fresh, text, { mode: statSync(file).mode & 0o777 });
  renameSync(fresh, target);
  if (!undo) print(`Backup: ${backup}. To go back: sallyport wrap ${file} --undo`);
  else if (existsSync(backup) && readFileSync(backup, 'utf8') === text) rmSync(backup);
}
