/**
 * Logs in in every way that sends a secret, reads with all three providers, well and badly, and prints what
 * came of it: neither that nor what Node.js and the libraries print meanwhile may be a secret. The planted
 * ones go to the parent, which looks for them.
 */
import { systemClock } from '../../src/clock.ts';
import { DoubleServer } from './double-server.ts';
import { makeCertificate } from './make-certificate.ts';
import { allowApprole, APPROLE, Client, given, ROLE_ID, SECRET_ID } from './rig.ts';
import { VaultDouble } from './vault-double.ts';

const VALUE = 'the-planted-value-b0e5';
const JWT = 'ey.the-planted-jwt-77a0';
const ca = makeCertificate('Test Authority');
const certificate = makeCertificate('vault', ca);
const ours = makeCertificate('app', ca);

const double = new VaultDouble(systemClock);
allowApprole(double, { ttlSeconds: 3600 });
double.logins.set('auth/jwt/login', { ttlSeconds: 3600, accepts: ({ jwt }) => jwt === JWT });
double.logins.set('auth/cert/login', { ttlSeconds: 3600, accepts: (_, name) => name === 'app' });
double.kv().addMount('kv', 2);
double.kv().put('kv', 'app', { value: VALUE });
double.leaseRoles.set('database/creds/app', { ttlSeconds: 3600 });
const ciphertext = double.encrypt('transit/key', Buffer.from(VALUE));
const wrapping = double.wrap('auth/approle/role/app/secret-id', { data: { secret_id: SECRET_ID } });

const plain = await DoubleServer.listen(double);
const secured = await DoubleServer.listen(double, { ...certificate, ca: ca.cert });
const overTls = {
  address: secured.address,
  ca: ca.cert,
  clientCert: given(ours.cert),
  clientKey: given(ours.key),
};
const roleId = given(ROLE_ID);
const secretId = given(wrapping);
const clients = [
  new Client({ address: plain.address, auth: APPROLE }),
  new Client({ address: plain.address, auth: { method: 'approle', roleId, secretId, wrapped: true } }),
  new Client({ address: plain.address, auth: { method: 'jwt', jwt: given(JWT) } }),
  new Client({ address: plain.address, auth: { method: 'token', token: given(double.rootToken) } }),
  new Client({ ...overTls, auth: { method: 'cert' } }),
  new Client({ ...overTls, auth: APPROLE }),
];
const planted = [VALUE, JWT, ROLE_ID, SECRET_ID, double.rootToken, wrapping, ours.key.split('\n')[1] ?? ''];
for (const client of clients) {
  const reads = [
    'vault://kv/app#value',
    'vault-lease://database/creds/app#password',
    `vault-transit://transit/key#${ciphertext}`,
  ];
  for (const reference of reads) {
    const { value } = await client.resolve(reference);
    console.log(value === VALUE || value.startsWith('p-') ? 'found' : 'another value');
  }
  planted.push(...double.livingTokens, ...double.livingLeases.map(({ password }) => password));
  double.fail(/kv/, { kind: 'reset' });
  console.log((await client.failure('vault://kv/app#value')).code);
  double.heal();
  await client.close();
}
for (const server of [plain, secured]) await server.close();
process.send?.([...new Set(planted)]);
