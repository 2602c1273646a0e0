export { type Clock, systemClock } from './clock.ts';
export { dotenvProvider, type DotenvProviderOptions } from './providers/dotenv-provider.ts';
export { envProvider, type EnvProviderOptions } from './providers/env-provider.ts';
export { fileProvider } from './providers/file-provider.ts';
export { literalProvider } from './providers/literal-provider.ts';
export type { FileProviderOptions } from './providers/secret-files.ts';
export { systemdProvider, type SystemdProviderOptions } from './providers/systemd-provider.ts';
export type { MadeProviders, ProviderSource } from './provider-source.ts';
export { looksLikeReference, parseReference, SCHEMES, type SecretReference } from './reference.ts';
export { SecretError, type SecretErrorCode, type SecretErrorOptions } from './secret-error.ts';
export type { SecretEvent, SecretRotation } from './secret-event.ts';
export {
  MAX_SECRET_BYTES,
  type Resolved,
  type ResolveOptions,
  type SecretProvider,
} from './secret-provider.ts';
export type { SecretTimes } from './secret-times.ts';
export { type GetOptions, type SecretCheck, Secrets } from './secrets.ts';
export type { SecretsOptions } from './secrets-options.ts';
export { awsSecretsManager, type AwsSecretsManagerOptions } from './cloud/awssm-provider.ts';
export { type AzureCredential, azureKeyVault, type AzureKeyVaultOptions } from './cloud/azkv-provider.ts';
export { googleSecretManager, type GoogleSecretManagerOptions } from './cloud/gcpsm-provider.ts';
export { findKeystorePassphrase } from './keystore/find-keystore-passphrase.ts';
export { Keystore } from './keystore/keystore.ts';
export { keystoreProvider, type KeystoreProviderOptions } from './keystore/keystore-provider.ts';
export type { VaultAuth, VaultCredential, VaultWrapping } from './vault/vault-auth.ts';
export type { VaultEvent } from './vault/vault-event.ts';
export type { VaultOptions } from './vault/vault-options.ts';
export { vaultProviders } from './vault/vault-providers.ts';
