/** Writes RULES.md from the rules: `tsx --conditions=@sallyport/source scripts/rules-page.ts`. */
import { writeFileSync } from 'node:fs';
import { rulesPage } from './rules-table.ts';

writeFileSync(new URL('../RULES.md', import.meta.url), rulesPage());
