// Copies the desk's libraries from node_modules to this folder, with their licences, as they were published:
// `npm ci && npm run vendor`. Versions come from package-lock.json; the only change is the source-map line, taken off.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, '../../../node_modules');

const files = [
  ['preact', 'dist/preact.module.js', 'preact.js'],
  ['preact', 'hooks/dist/hooks.module.js', 'preact-hooks.js'],
  ['@preact/signals-core', 'dist/signals-core.module.js', 'signals-core.js'],
  ['@preact/signals', 'dist/signals.module.js', 'signals.js'],
  ['htm', 'dist/htm.module.js', 'htm.js'],
  ['uplot', 'dist/uPlot.esm.js', 'uplot.js'],
  ['uplot', 'dist/uPlot.min.css', 'uplot.css'],
];

for (const [from, path, to] of files) {
  const text = await readFile(join(modules, from, path), 'utf8');
  await writeFile(join(here, to), `${text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '')}\n`);
}

let licences = '# The libraries in this folder and their licences\n\nWritten by `copy.mjs`.\n';
for (const name of [...new Set(files.map(([from]) => from))]) {
  const { version, license } = JSON.parse(await readFile(join(modules, name, 'package.json'), 'utf8'));
  const text = await readFile(join(modules, name, 'LICENSE'), 'utf8');
  licences += `\n## ${name} ${version} (${license})\n\n\`\`\`\n${text.trim()}\n\`\`\`\n`;
}
await writeFile(join(here, 'LICENSES.md'), licences);
