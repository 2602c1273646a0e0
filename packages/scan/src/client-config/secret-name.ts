/** Words that say that a value lets somebody in. */
const SECRET: ReadonlySet<string> = new Set(
  (
    'key keys apikey token tokens secret secrets password passwd pwd pass passphrase credential credentials cred ' +
    'creds auth authorization bearer jwt pat cookie signature sig accesskey secretkey accesstoken authtoken ' +
    'passcode passwort dsn session sessionid webhook xoxc xoxd apitoken clientsecret hash hmac salt'
  ).split(' '),
);
/** Of these the last word says that the value is about a secret, and none. */
const ABOUT: ReadonlySet<string> = new Set(
  (
    'id ids name names type types file files path paths dir url uri urls arn count length limit limits size ttl ' +
    'expiry expires regex pattern field fields header headers prefix suffix env var ref version label policy min ' +
    'max endpoint provider manager store storage algorithm alg method format scope scopes mode enabled disabled ' +
    'required host port region role email timeout issuer audience realm domain fingerprint server servers tokenizer ' +
    'username user location source dataset project workspace'
  ).split(' '),
);
const OTHER: ReadonlySet<string> = new Set(['public', 'max', 'next', 'prev', 'page', 'keyboard', 'primary']);
const PASSWORD: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'pwd',
  'pass',
  'passphrase',
  'passwort',
]);
/** What nobody keeps secret, however random it looks. */
const IDENTIFIER: ReadonlySet<string> = new Set(
  'id ids uuid guid sha sha1 sha256 digest checksum commit revision version path file dir name image tag package ref'.split(
    ' ',
  ),
);

/** What the name of a variable, header, option or parameter says of its value. */
export type NameVerdict = 'password' | 'secret' | 'identifier' | 'nothing';

export function judgeName(name: string): NameVerdict {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (ABOUT.has(last) || words.some((word) => OTHER.has(word)))
    return IDENTIFIER.has(last) ? 'identifier' : 'nothing';
  if (words.some((word) => PASSWORD.has(word))) return 'password';
  const whole = words.join('');
  if (
    words.some((word) => SECRET.has(word)) ||
    /(?:api|access|secret|auth)(?:key|token)$|secret$/.test(whole)
  )
    return 'secret';
  return IDENTIFIER.has(last) ? 'identifier' : 'nothing';
}

function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 128)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
