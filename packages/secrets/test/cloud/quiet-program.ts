/**
 * Reads from all three clouds, well and badly, and prints what it found out about them: nothing of it may
 * be a value or a token, however the SDKs were told to log.
 */
import { awsSecretsManager } from '../../src/cloud/awssm-provider.ts';
import { azureKeyVault } from '../../src/cloud/azkv-provider.ts';
import { googleSecretManager } from '../../src/cloud/gcpsm-provider.ts';
import { parseReference } from '../../src/reference.ts';
import type { SecretProvider } from '../../src/secret-provider.ts';
import { openAws } from './aws-double.ts';
import { openAzure, openMachineIdentity } from './azure-double.ts';
import { openGoogle } from './google-double.ts';

const [value = ''] = process.argv.slice(2);
const [aws, azure, google] = [await openAws(), await openAzure(), await openGoogle()];
aws.put('app', value);
azure.put('app', value);
google.put('app', value);

const machine = await openMachineIdentity(azure.token);
process.env['AZURE_TOKEN_CREDENTIALS'] = 'ManagedIdentityCredential';
process.env['IDENTITY_ENDPOINT'] = `http://127.0.0.1:${machine.port}/msi/token`;
process.env['IDENTITY_HEADER'] = 'identity-header';

const providers: readonly SecretProvider[] = [
  awsSecretsManager({ region: 'eu-west-1', endpoint: aws.endpoint }),
  azureKeyVault({ vaultUrl: azure.vaultUrl, agent: azure.agent }),
  googleSecretManager({ project: 'my-project', endpoint: google.endpoint, keyFile: google.keyFile }),
];

async function read(provider: SecretProvider, name: string): Promise<void> {
  const reference = parseReference(`${provider.scheme}://${name}`);
  const { signal } = new AbortController();
  const outcome = await provider.resolve(reference, { signal }).then(
    (found) => (found.value === value ? 'found' : 'another value'),
    (error: { readonly code: string }) => error.code,
  );
  console.log(`${provider.scheme} ${name} ${outcome}`);
}

for (const provider of providers) {
  await read(provider, 'app');
  await read(provider, 'missing');
}
for (const double of [aws, azure, google]) double.fail({ status: 500, body: `{"value":"${value}"}` });
for (const provider of providers) await read(provider, 'app');
for (const closable of [...providers, aws, azure, machine, google]) await closable.close();
