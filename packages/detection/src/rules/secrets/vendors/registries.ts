import { isGithubToken } from '../../../checksums/tokens.ts';
import type { Rule } from '../../../rule.ts';
import { named } from '../kinds/named.ts';
import { token } from '../kinds/token.ts';
import { ASSIGNMENT_REACH, readAssignment } from '../assignment.ts';
import { loginOf } from '../matchers/headers.ts';
import { isPlaceholder } from '../placeholder.ts';
import { shapeEnd, readShape } from '../shape.ts';

const LOGIN = readShape('[A-Za-z0-9+/]{12,200}={0,2}');
const DOCKER = 'https://docs.docker.com/security/access-tokens/';
const JFROG = 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens';

export const REGISTRY_RULES: readonly Rule[] = [
  token(
    'npm-token',
    'ACCESS_TOKEN',
    'critical',
    'npm_[A-Za-z0-9]{36}',
    'https://docs.npmjs.com/about-access-tokens',
    { validate: isGithubToken },
  ),
  named(
    'npm-token-legacy',
    'ACCESS_TOKEN',
    'critical',
    ['auth token', 'npm token', 'npm auth token'],
    '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}',
    'https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration',
    { scores: { alone: 0.92 } },
  ),
  token(
    'pypi-token',
    'ACCESS_TOKEN',
    'critical',
    'pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}',
    'https://pypi.org/help/#apitoken',
    { words: ['pypi-'] },
  ),
  token(
    'testpypi-token',
    'ACCESS_TOKEN',
    'low',
    'pypi-AgENdGVzdC5weXBpLm9yZ[A-Za-z0-9_-]{50,}',
    'https://test.pypi.org/help/#apitoken',
    { words: ['pypi-'] },
  ),
  token(
    'rubygems-api-key',
    'API_KEY',
    'critical',
    'rubygems_[a-f0-9]{48}',
    'https://guides.rubygems.org/api-key-scopes/',
  ),
  token(
    'crates-io-token',
    'ACCESS_TOKEN',
    'critical',
    'cio[A-Za-z0-9]{32}',
    'https://doc.rust-lang.org/cargo/reference/publishing.html',
  ),
  token(
    'nuget-api-key',
    'API_KEY',
    'critical',
    'oy2[a-z0-9]{43}',
    'https://learn.microsoft.com/en-us/nuget/nuget-org/scoped-api-keys',
  ),
  token('docker-hub-pat', 'ACCESS_TOKEN', 'critical', 'dckr_pat_[A-Za-z0-9_-]{27}', DOCKER),
  token(
    'docker-hub-org-token',
    'ACCESS_TOKEN',
    'critical',
    'dckr_oat_[A-Za-z0-9_-]{27,32}',
    'https://docs.docker.com/enterprise/security/access-tokens/',
  ),
  {
    id: 'docker-config-auth',
    entity: 'PASSWORD',
    severity: 'critical',
    source: 'https://docs.docker.com/reference/cli/docker/login/#credential-stores',
    forms: [
      {
        on: 'word',
        words: ['auth'],
        inner: true,
        edges: 'open',
        find: (cursor) => {
          const assignment = readAssignment(cursor);
          if (assignment === undefined) return false;
          const to = shapeEnd(LOGIN, cursor.codes, assignment.start);
          if (to === -1) return false;
          cursor.from = assignment.start;
          cursor.to = to;
          return true;
        },
        reach: ASSIGNMENT_REACH + 202,
      },
    ],
    validate: (value) => {
      const login = loginOf(value);
      return login !== undefined && login.password.length > 5 && !isPlaceholder(login.password);
    },
    scores: { alone: 0.97 },
    examples: {
      ok: [
        '{"auths":{"https://index.docker.io/v1/":{"auth":"⟦‹login›⟧"}}}',
        '"auth": "⟦‹login›⟧"',
        '//registry.test/:_auth=⟦‹login›⟧',
      ],
      ng: ['"auth": "oauth2"', '"auth": "‹[A-Za-z]{20}›"', 'auth = authenticateUser', '"auth": ""'],
    },
  },
  token('jfrog-api-key', 'API_KEY', 'critical', 'AKCp[A-Za-z0-9]{69}', JFROG),
  token('jfrog-reference-token', 'ACCESS_TOKEN', 'critical', 'cmVmdGtuO[A-Za-z0-9]{55}', JFROG, {
    words: ['cmVmdGtu'],
  }),
  named(
    'jfrog-api-key-header',
    'API_KEY',
    'critical',
    [
      'x jfrog art api key',
      'artifactory api key',
      'jfrog api key',
      'artifactory',
      'jfrog',
      'x jfrog art api',
    ],
    '[A-Za-z0-9]{64,73}',
    JFROG,
  ),
  token(
    'clojars-deploy-token',
    'ACCESS_TOKEN',
    'critical',
    'CLOJARS_[a-z0-9]{60}',
    'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens',
  ),
  named(
    'cloudsmith-api-key',
    'API_KEY',
    'critical',
    ['cloudsmith api key', 'cloudsmith'],
    '[a-f0-9]{40}',
    'https://help.cloudsmith.io/docs/api-key',
  ),
  named(
    'hex-pm-key',
    'API_KEY',
    'critical',
    ['hex api key', 'hex pm key'],
    '[a-f0-9]{32,64}',
    'https://hex.pm/docs/publish',
  ),
  named(
    'packagist-token',
    'ACCESS_TOKEN',
    'critical',
    ['packagist token', 'packagist api token', 'packagist'],
    '[A-Za-z0-9_-]{20,80}',
    'https://packagist.org/apidoc',
  ),
  named(
    'github-packages-token',
    'ACCESS_TOKEN',
    'high',
    ['bundle rubygems pkg github com token'],
    '[a-f0-9]{40}',
    'https://docs.github.com/en/packages/working-with-a-github-packages-registry/working-with-the-rubygems-registry',
  ),
];
