import { createRequire } from 'node:module';

/** The version of Sallyport that runs. */
export function versionOfThis(): string {
  const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };
  return version;
}
