/** A kind of file with a place for a credential. */
export interface Carrier {
  /** With `%` for what tells it from the others. */
  readonly name: string;
  /** @param name words of small letters; @param value with its marks */
  readonly write: (name: readonly string[], value: string) => string;
}

const snake = (name: readonly string[]): string => name.join('_');
const upper = (name: readonly string[]): string => snake(name).toUpperCase();
const kebab = (name: readonly string[]): string => name.join('-');
const camel = ([first = '', ...rest]: readonly string[]): string =>
  first + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');

/** How people write a value down under the name of its kind, among other lines. */
export const CARRIERS: readonly Carrier[] = [
  {
    name: '%/.env',
    write: (name, value) =>
      `# local settings\nNODE_ENV=production\nPORT=8080\n${upper(name)}=${value}\nLOG_LEVEL=info\n`,
  },
  {
    name: '%/deploy.sh',
    write: (name, value) =>
      `#!/bin/sh\nset -eu\nexport ${upper(name)}="${value}"\ndocker compose up -d --wait\n`,
  },
  {
    name: '%/client.ts',
    write: (name, value) =>
      `import { createClient } from './create-client.ts';\n\nconst ${camel(name)} = '${value}';\n\nexport const client = createClient({ ${camel(name)}, retries: 3 });\n`,
  },
  {
    name: '%/settings.py',
    write: (name, value) =>
      `import os\n\nDEBUG = False\nALLOWED_HOSTS = ["www.example.com"]\n${upper(name)} = "${value}"\nTIME_ZONE = "UTC"\n`,
  },
  {
    name: '%/main.go',
    write: (name, value) =>
      `package main\n\nfunc main() {\n\tconfig := map[string]string{\n\t\t"region": "eu-west-1",\n\t\t"${snake(name)}": "${value}",\n\t}\n\trun(config)\n}\n`,
  },
  {
    name: '%/config.json',
    write: (name, value) =>
      `{\n  "version": 3,\n  "cache": { "ttl": 300 },\n  "${camel(name)}": "${value}",\n  "features": ["search", "export"]\n}\n`,
  },
  {
    name: '%/values.yaml',
    write: (name, value) =>
      `replicas: 2\nimage:\n  repository: registry.example.com/app\n  tag: 1.4.2\nenv:\n  ${camel(name)}: ${value}\nresources: {}\n`,
  },
  {
    name: '%/compose.yaml',
    write: (name, value) =>
      `services:\n  app:\n    image: app:1.4.2\n    environment:\n      - ${upper(name)}=${value}\n      - TZ=UTC\n`,
  },
  {
    name: '%/app.toml',
    write: (name, value) => `[server]\nport = 8080\n\n[credentials]\n${snake(name)} = "${value}"\n`,
  },
  {
    name: '%/application.properties',
    write: (name, value) => `server.port=8080\napp.${kebab(name)}=${value}\nspring.jpa.open-in-view=false\n`,
  },
  {
    name: '%/Dockerfile',
    write: (name, value) =>
      `FROM node:22-slim\nWORKDIR /app\nENV ${upper(name)}=${value}\nCOPY . .\nCMD ["node", "server.js"]\n`,
  },
  {
    name: '%/notes.md',
    write: (name, value) =>
      `# Set-up\n\n1. Copy the settings.\n2. Use \`${value}\` as the ${name.join(' ')}.\n3. Start the service.\n`,
  },
  {
    name: '%/main.tf',
    write: (name, value) =>
      `resource "app_service" "main" {\n  name = "orders"\n  ${snake(name)} = "${value}"\n  size = 2\n}\n`,
  },
  {
    name: '%/appsettings.xml',
    write: (name, value) =>
      `<configuration>\n  <appSettings>\n    <add key="${camel(name)}" value="${value}" />\n  </appSettings>\n</configuration>\n`,
  },
];
