import type { Rule, Severity } from '../../../rule.ts';
import { named } from '../kinds/named.ts';
import { token } from '../kinds/token.ts';
import {
  findUrlLogin,
  findUrlToken,
  passwordOf,
  URL_LOGIN_REACH,
  URL_TOKEN_REACH,
} from '../matchers/url-login.ts';
import { isPlaceholder, isPlaceholderAt, isReference } from '../placeholder.ts';
import { looksRandom } from '../strength.ts';

/** Passwords that images and tutorials come with. */
const DEFAULTS =
  /^(?:postgres|mysql|root|admin|guest|user|test|secret|mongo|redis|rabbitmq|default|example|123456?|1234)\d{0,3}$/i;
const STAND_INS =
  /^(?:pass(?:word|wd)?|pw|pwd|secret|token|key|api[-_]?key|p|x|xxx+|\*+|x-oauth-basic|\.+)$/i;

function isNoPassword(value: string): boolean {
  const password = passwordOf(value);
  return (
    password.length < 4 ||
    /^\d{1,5}$/.test(password) ||
    STAND_INS.test(password) ||
    isPlaceholder(password) ||
    isReference(password)
  );
}

function isOwnPassword(value: string): boolean {
  const password = passwordOf(value);
  return !DEFAULTS.test(password) && !/pass(?:word|wd)/i.test(password);
}

/** A URL with a password in it; of a database or a broker, all of it is the finding. */
function login(
  id: string,
  schemes: readonly string[],
  source: string,
  { whole = true, severity = 'critical' }: { whole?: boolean; severity?: Severity } = {},
): Rule {
  const scheme = schemes[0] as string;
  const marked = (user: string, password: string, rest: string): string =>
    whole ? `⟦${scheme}://${user}:${password}@${rest}⟧` : `${scheme}://${user}:⟦${password}⟧@${rest}`;
  return {
    id,
    entity: whole ? 'CONNECTION_STRING' : 'PASSWORD',
    severity,
    source,
    forms: [
      {
        on: 'word',
        words: schemes,
        inner: true,
        edges: 'open',
        find: findUrlLogin(whole),
        reach: URL_LOGIN_REACH,
      },
    ],
    except: isNoPassword,
    validate: isOwnPassword,
    scores: { alone: 0.99, invalid: 0.6 },
    examples: {
      ok: [
        `URL=${marked('app', '‹[A-Za-z0-9]{12}›', 'db.internal:5432/app')}`,
        `{"url":"${marked('svc_user', '‹[A-Za-z0-9._~%-]{20}›', 'host.test/x?ssl=true')}"}`,
        `see ${marked('a', 'p‹[A-Za-z0-9]{8}›!', 'h.test')}, and`,
        `weak: ${marked('root', 'root', 'localhost')}`,
      ],
      ng: [
        `${scheme}://user:password@localhost/db`,
        `${scheme}://user:\${DB_PASSWORD}@localhost/db`,
        `${scheme}://localhost:5432/app?user=a@b.test`,
        `${scheme}://USER:<PASSWORD>@HOST/db`,
        `${scheme}://user:****@host/db`,
        `${scheme}://user:{{password}}@host/db`,
      ],
    },
  };
}

const USERINFO = 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1';

export const DATABASE_RULES: readonly Rule[] = [
  login(
    'postgres-url',
    ['postgresql', 'postgres', 'cockroachdb', 'pgsql'],
    'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING',
  ),
  login(
    'mysql-url',
    ['mysql', 'mysql2', 'mariadb'],
    'https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html',
  ),
  login('mongodb-url', ['mongodb'], 'https://www.mongodb.com/docs/manual/reference/connection-string/'),
  login('redis-url', ['redis'], 'https://redis.io/docs/latest/develop/tools/cli/'),
  login('amqp-url', ['amqp'], 'https://www.rabbitmq.com/docs/uri-spec'),
  login(
    'mssql-url',
    ['sqlserver', 'mssql'],
    'https://learn.microsoft.com/en-us/sql/connect/jdbc/building-the-connection-url',
  ),
  login('clickhouse-url', ['clickhouse'], 'https://clickhouse.com/docs/interfaces/cli'),
  login('neo4j-url', ['neo4j', 'bolt'], 'https://neo4j.com/docs/operations-manual/current/'),
  login('cassandra-url', ['cassandra', 'scylla'], 'https://cassandra.apache.org/doc/latest/'),
  login('oracle-url', ['oracle'], 'https://docs.sqlalchemy.org/en/20/dialects/oracle.html'),
  login(
    'snowflake-url',
    ['snowflake'],
    'https://docs.snowflake.com/en/developer-guide/python-connector/sqlalchemy',
  ),
  login('elasticsearch-url', ['elasticsearch'], 'https://www.elastic.co/docs/reference/elasticsearch/'),
  login('nats-url', ['nats'], 'https://docs.nats.io/using-nats/developer/connecting/userpass'),
  login('mqtt-url', ['mqtt'], 'https://mosquitto.org/man/mosquitto_sub-1.html'),
  login('kafka-url', ['kafka'], 'https://kafka.apache.org/documentation/#security_sasl'),
  login('smtp-url', ['smtp'], 'https://www.rfc-editor.org/rfc/rfc5321'),
  login('ldap-url', ['ldap'], 'https://www.rfc-editor.org/rfc/rfc4516', { whole: false }),
  login('ftp-url', ['ftp', 'sftp'], 'https://www.rfc-editor.org/rfc/rfc1738#section-3.2', {
    whole: false,
    severity: 'high',
  }),
  login('ssh-url', ['ssh', 'git'], 'https://git-scm.com/docs/git-clone#_git_urls', {
    whole: false,
    severity: 'high',
  }),
  login('socks-url', ['socks5', 'socks5h'], 'https://curl.se/docs/manpage.html#--proxy', {
    whole: false,
    severity: 'high',
  }),
  login('http-url', ['http', 'ws'], USERINFO, { whole: false, severity: 'high' }),
  {
    id: 'http-url-token',
    entity: 'ACCESS_TOKEN',
    severity: 'high',
    source: USERINFO,
    forms: [
      {
        on: 'word',
        words: ['http'],
        inner: true,
        edges: 'open',
        find: findUrlToken,
        reach: URL_TOKEN_REACH,
      },
    ],
    except: isPlaceholderAt,
    validate: looksRandom,
    scores: { alone: 0.985 },
    examples: {
      ok: [
        'git clone https://⟦‹[a-f0-9]{40}›⟧@git.test/a/b.git',
        'https://⟦‹[A-Za-z0-9]{32}›⟧:x-oauth-basic@git.test/a/b.git',
        'https://⟦‹[a-f0-9]{32}›⟧:@api.test/',
      ],
      ng: [
        'https://some-long-organization-name@dev.azure.com/org/project',
        'https://user@host/',
        'https://${TOKEN_WITH_A_LONG_NAME_1}@git.test/a/b.git',
      ],
    },
  },
  token(
    'aiven-password',
    'PASSWORD',
    'critical',
    'AVNS_[A-Za-z0-9_-]{19}',
    'https://aiven.io/docs/platform/concepts/service-users',
  ),
  token(
    'cockroach-cloud-api-key',
    'API_KEY',
    'critical',
    'CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}',
    'https://www.cockroachlabs.com/docs/cockroachcloud/managing-access',
  ),
  token(
    'planetscale-token',
    'ACCESS_TOKEN',
    'critical',
    ['pscale_tkn_[A-Za-z0-9=._-]{32,64}', 'pscale_oauth_[A-Za-z0-9=._-]{32,64}'],
    'https://planetscale.com/docs/concepts/service-tokens',
  ),
  token(
    'planetscale-password',
    'PASSWORD',
    'critical',
    'pscale_pw_[A-Za-z0-9=._-]{32,64}',
    'https://planetscale.com/docs/concepts/password-roles',
  ),
  token('neon-api-key', 'API_KEY', 'critical', 'napi_[a-z0-9]{64}', 'https://neon.com/docs/manage/api-keys'),
  token(
    'neon-password',
    'PASSWORD',
    'critical',
    'npg_[A-Za-z0-9]{12,32}',
    'https://neon.com/docs/manage/roles',
  ),
  token(
    'mongodb-atlas-service-account',
    'API_KEY',
    'critical',
    'mdb_sa_sk_[A-Za-z0-9_-]{40}',
    'https://www.mongodb.com/docs/atlas/api/service-accounts-overview/',
  ),
  named(
    'upstash-token',
    'ACCESS_TOKEN',
    'high',
    ['upstash redis rest token', 'upstash'],
    'A[A-Za-z0-9+/_-]{40,99}={0,2}',
    'https://upstash.com/docs/redis/features/restapi',
  ),
  token(
    'supabase-access-token',
    'ACCESS_TOKEN',
    'critical',
    ['sbp_[a-f0-9]{40}', 'sbp_oauth_[a-f0-9]{40}'],
    'https://supabase.com/docs/reference/api/introduction',
  ),
  token(
    'supabase-secret-key',
    'API_KEY',
    'critical',
    'sb_secret_[A-Za-z0-9_-]{31}',
    'https://supabase.com/docs/guides/api/api-keys',
  ),
];
