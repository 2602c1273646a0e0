// Bundles the `sallyport` command into few files: loading some hundred modules one by one takes longer than everything
// else that `sallyport run` does before it starts the server (P11 in bench/README.md).
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'packages/sallyport');
const bundle = join(home, 'bundle');

rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle);

const casbin = await build({
  entryPoints: [createRequire(join(root, 'packages/rbac/package.json')).resolve('casbin')],
  outfile: join(bundle, 'lib/casbin.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  metafile: true,
  logLevel: 'warning',
});
const { metafile } = await build({
  entryPoints: {
    cli: join(home, 'dist/cli.js'),
    // It looks for this one beside itself, in a thread of its own.
    'scan-worker': join(root, 'packages/scan/dist/workers/scan-worker.js'),
  },
  outdir: join(bundle, 'lib'),
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // The `main` of jsonc-parser asks for its parts in a way that no bundler sees; its `module` does not.
  mainFields: ['module', 'main'],
  // Whoever uses one installs it beside this; they are larger than everything else together.
  external: [...Object.keys(peersOf('secrets')), ...Object.keys(peersOf('policy'))],
  // Less to read at each start; names stay, so that a stack trace says where.
  minifyWhitespace: true,
  minifySyntax: true,
  metafile: true,
  logLevel: 'warning',
  // CommonJS dependencies ask for `require`, which ES modules do not have.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  plugins: [
    {
      name: 'policy-schema-compiled',
      setup(bundler) {
        bundler.onLoad(
          { filter: /packages[\\/]policy[\\/]dist[\\/]policy-validator\.js$/ },
          async ({ path }) => ({
            contents: await compiledPolicyValidator(),
            resolveDir: dirname(path),
          }),
        );
      },
    },
    {
      name: 'casbin-when-needed',
      setup(bundler) {
        // It is loaded at run time, only for models of one's own: from a file of its own, which nobody else has to read.
        bundler.onLoad({ filter: /packages[\\/]rbac[\\/]dist[\\/]casbin\.js$/ }, ({ path }) => ({
          contents:
            "import { createRequire as requireCasbin } from 'node:module';\n" +
            "export function loadCasbin() { return requireCasbin(import.meta.url)('./casbin.cjs'); }\n",
          resolveDir: dirname(path),
        }));
      },
    },
  ],
});

// What the code looks for beside itself.
for (const file of ['schema.json', 'test.schema.json'])
  cpSync(join(root, 'packages/policy', file), join(bundle, file));
const { version, type } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
writeFileSync(join(bundle, 'package.json'), JSON.stringify({ version, type }));
writeFileSync(
  join(bundle, 'THIRD_PARTY_LICENSES.txt'),
  licences([...Object.keys(metafile.inputs), ...Object.keys(casbin.metafile.inputs)]),
);
// Of the data that weights and tables of the detection are made from.
cpSync(join(root, 'packages/detection/training/data/LICENSES.md'), join(bundle, 'DATA_LICENSES.md'));

/** The code of `policy-validator.js` with the schema compiled already, and the same options. */
async function compiledPolicyValidator() {
  const required = createRequire(join(root, 'packages/policy/package.json'));
  const { Ajv2020 } = required('ajv/dist/2020.js');
  const { default: standaloneCode } = required('ajv/dist/standalone');
  const { SHAPE_OPTIONS } = await import(
    new URL('../packages/policy/dist/shape-options.js', import.meta.url).href
  );
  const ajv = new Ajv2020({ ...SHAPE_OPTIONS, code: { source: true, esm: false, optimize: true } });
  const validate = ajv.compile(JSON.parse(readFileSync(join(root, 'packages/policy/schema.json'), 'utf8')));
  const code = standaloneCode(ajv, validate).replace('"use strict";', '');
  return `const module = { exports: {} };\n${code}\nexport function policyValidator() { return validate0; }\n`;
}

/** The packages that a package takes from whoever installs it. */
function peersOf(folder) {
  return (
    JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')).peerDependencies ?? {}
  );
}

/** The licence of every package that is part of the bundle, as their terms ask for. */
function licences(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found !== null) folders.add(join(root, found[0]));
  }
  return [...folders]
    .toSorted((a, b) => a.localeCompare(b))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text =
        file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
      return `${name} ${version}\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
