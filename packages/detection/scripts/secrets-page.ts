/** Writes SECRETS.md from the rules: `tsx --conditions=@sallyport/source scripts/secrets-page.ts`. */
import { writeFileSync } from 'node:fs';
import { secretsPage } from './secrets-table.ts';

writeFileSync(new URL('../SECRETS.md', import.meta.url), secretsPage());
