export type ArchiveKind = 'zip' | 'tar' | 'gzip';

const KINDS: readonly (readonly [RegExp, ArchiveKind])[] = [
  [/\.(?:zip|jar|war|ear|aar|apk|whl|nupkg|vsix|xpi)$/i, 'zip'],
  [/\.(?:tar|tgz|tar\.gz)$/i, 'tar'],
  [/\.gz$/i, 'gzip'],
];

/** By its name; `undefined` for any other file. */
export function archiveKindOf(path: string): ArchiveKind | undefined {
  return KINDS.find(([name]) => name.test(path))?.[1];
}
