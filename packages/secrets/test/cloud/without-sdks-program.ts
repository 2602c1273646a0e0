/** Run from a copy of the sources that has no packages beside it: prints what the providers say then. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [sources = ''] = process.argv.slice(2);
const load = (file: string): Promise<Record<string, (value: never) => unknown>> =>
  import(pathToFileURL(join(sources, file)).href);

const { parseReference } = await load('reference.ts');
const { awsSecretsManager } = await load('cloud/awssm-provider.ts');
const { azureKeyVault } = await load('cloud/azkv-provider.ts');
const { googleSecretManager } = await load('cloud/gcpsm-provider.ts');

interface Provider {
  readonly scheme: string;
  resolve(reference: unknown, options: { readonly signal: AbortSignal }): Promise<unknown>;
}

const providers = [
  awsSecretsManager?.({ region: 'eu-west-1' } as never),
  azureKeyVault?.({ vaultUrl: 'https://team.vault.azure.net' } as never),
  googleSecretManager?.({ project: 'my-project' } as never),
] as readonly Provider[];

for (const provider of providers) {
  const reference = parseReference?.(`${provider.scheme}://app` as never);
  const { signal } = new AbortController();
  await provider.resolve(reference, { signal }).catch((error: { code: string; message: string }) => {
    console.log(`${error.code} ${error.message}`);
  });
}
