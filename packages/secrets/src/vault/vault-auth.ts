import type { Secret } from '@sallyport/core';

/** Reads a credential; asked at every login, so that one which was rotated is seen. */
export type VaultCredential = () => Promise<Secret>;

/**
 * Whether a credential is a wrapping token, to be unwrapped once. With `creationPath`, only one that was made
 * there is unwrapped, such as `auth/approle/role/app/secret-id`: another may be planted by whoever unwrapped
 * the first.
 */
export type VaultWrapping = boolean | { readonly creationPath: string };

/**
 * How the provider becomes known to Vault. `mount` is where the auth method is mounted. Default: its name.
 */
export type VaultAuth =
  | {
      readonly method: 'token';
      readonly token: VaultCredential;
      /** Default: false. */
      readonly wrapped?: VaultWrapping | undefined;
    }
  | {
      readonly method: 'approle';
      readonly roleId: VaultCredential;
      /** Left out for a role with `bind_secret_id=false`. */
      readonly secretId?: VaultCredential | undefined;
      /** Whether `secretId` gives a wrapping token. Default: false. */
      readonly wrapped?: VaultWrapping | undefined;
      readonly mount?: string | undefined;
    }
  | {
      readonly method: 'jwt';
      readonly jwt: VaultCredential;
      /** Default: the role that the auth method has as its default. */
      readonly role?: string | undefined;
      readonly mount?: string | undefined;
    }
  | {
      readonly method: 'kubernetes';
      readonly role: string;
      /**
       * Where the service account's token is. Default: `/var/run/secrets/kubernetes.io/serviceaccount/token`.
       */
      readonly tokenPath?: string | undefined;
      readonly mount?: string | undefined;
    }
  | {
      /** With the `clientCert` and `clientKey` of the options. */
      readonly method: 'cert';
      /** Default: any role that the certificate fits. */
      readonly role?: string | undefined;
      readonly mount?: string | undefined;
    };
